# Waits until the node of $JOBCLOUD_HOME answers.
for _ in $(seq 600); do
    jobcloud --no-autostart -o json nodes 2>&1 | grep -q limits && exit 0
    sleep 0.5
done
echo "FAILED the node does not answer"
tail -n 20 "$JOBCLOUD_HOME"/log/*.log
echo start >> "$FAILED"
exit 1
