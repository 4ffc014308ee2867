# Checks that a stopped node left neither processes nor cgroups. $1 says how it was started.
for _ in $(seq 100); do
    processes=$(pgrep -f 'jobcloud-(executor|node)|sleep 9[0-9][0-9][0-9]' | wc -l)
    cgroups=$(find /sys/fs/cgroup -type d -name 'jobcloud-*' | wc -l)
    [ "$processes$cgroups" = 00 ] && break
    sleep 0.1
done
if [ "$processes$cgroups" = 00 ]; then
    echo "ok $1: nothing is left behind"; echo "$1" >> "$PASSED"
else
    echo "FAILED $1: $processes processes and $cgroups cgroups are left behind"
    pgrep -af 'jobcloud|sleep 9'; find /sys/fs/cgroup -type d -name 'jobcloud-*'
    echo "$1" >> "$FAILED"
fi
