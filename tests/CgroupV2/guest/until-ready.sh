# Waits until the node of $JOBCLOUD_HOME answers.
for _ in $(seq 300); do
    jobcloud --no-autostart node status >/dev/null 2>&1 && exit 0
    sleep 0.5
done
echo "FAILED the node does not answer"; echo start >> "$FAILED"
exit 1
