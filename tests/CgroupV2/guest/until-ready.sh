# Waits until the node of $JOBCLOUD_HOME answers.
for _ in $(seq 200); do
    jobcloud --no-autostart -o json nodes 2>&1 | grep -q limits && exit 0
    sleep 2
done
echo "FAILED the node does not answer"
tail -n 20 "$JOBCLOUD_HOME"/log/*.log
journalctl -n 20 --no-pager
echo start >> "$FAILED"
exit 1
