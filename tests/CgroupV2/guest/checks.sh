# Checks the jobs of the node of $JOBCLOUD_HOME. $RUN runs a command as the user of that node.
jc() { $RUN jobcloud --no-autostart "$@"; }
item() { jc -o json info "$1" -o "$2" | python3 /programs/guest/item.py "$2"; }
done_job() { jc join "$1" -t 300 >/dev/null 2>&1; }

# expect NAME ACTUAL TEST…: TEST is a condition of [[ ]] over $a, the actual value.
expect() {
    local name=$1 a=$2
    if eval "[[ $3 ]]"; then
        echo "ok $name: $a"; echo "$name" >> "$PASSED"
    else
        echo "FAILED $name: $a, not $3"; echo "$name" >> "$FAILED"
    fi
}

own='cd /sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup) &&'
mib=$((1024 * 1024))

# Limits: none by default; what was asked for binds.
expect "the node enforces limits" "$(jc -o json nodes | python3 /programs/guest/item.py limits)" \
    '$a == "cgroup v2: memory, cores, processes"'
job=$(jc exec "$own cat memory.max cpu.max cpu.weight pids.max"); done_job "$job"
expect "a job without options has a weight and no limits" "$(jc result "$job" | tr '\n' ' ')" \
    '$a == "max max 100000 100 200 "'
job=$(jc exec --memory 64M -c 1 "$own cat memory.max memory.swap.max cpu.weight"); done_job "$job"
expect "a limit of memory is set" "$(jc result "$job" | tr '\n' ' ')" '$a == "67108864 0 100 "'
if [ "$(nproc)" -gt 1 ]; then
    burn='timeout 3 sh -c "while :; do :; done"'
    job=$(jc exec -c 1 "$own cat cpu.max; $burn & $burn & wait"); done_job "$job"
    expect "a limit of cores is set" "$(jc result "$job")" '$a == "100000 100000"'
    used=$(item "$job" cputime.user)
    expect "a limit of cores binds" "$used" '${a%.*} -lt 4'
    job=$(jc exec "$burn & $burn & wait"); done_job "$job"
    expect "without it a job uses more" "$(item "$job" cputime.user)" '${a%.*} -ge 4'
fi

# Out of memory, with a limit and without.
other=$(jc exec 'sleep 9001')
job=$(jc exec --memory 64M 'tail /dev/zero'); done_job "$job"
expect "out of memory names the limit" "$(item "$job" reason)" \
    '$a == "out of memory: the job used its 64 MiB (--memory); give it more with --memory 128M"'
expect "out of memory is an item" "$(item "$job" oom)" '$a == true'
expect "the peak is the limit" "$(item "$job" memory.max_usage)" \
    '$a -ge $((60 * mib)) && $a -le $((64 * mib))'
expect "the limit was hit" "$(item "$job" memory.failcnt)" '$a -gt 0'
job=$(jc exec --memory 64M 'tail /dev/zero & sleep 9002'); done_job "$job"
expect "a child out of memory ends the whole job" "$(item "$job" oom)" '$a == true'
job=$(jc exec 'head -c 600M /dev/zero | tail -n 1 | wc -c'); done_job "$job"
expect "a job without a limit takes 600 MiB" "$(item "$job" status)" '$a == done'
job=$(jc exec 'tail /dev/zero'); done_job "$job"
expect "the machine's memory is named" "$(item "$job" reason)" \
    '$a == "out of memory: the machine had no memory left"'
expect "other jobs run on" "$(item "$other" status),$(item "$other" attempt)" '$a == processing,1'
jc kill "$other" >/dev/null

# Memory without page cache.
$RUN sh -c 'head -c 600M /dev/zero > $JOBCLOUD_HOME/big'; sync; echo 3 > /proc/sys/vm/drop_caches
job=$(jc exec "cat $JOBCLOUD_HOME/big > /dev/null; sleep 9003")
for _ in $(seq 300); do
    cache=$(item "$job" memory.cache)
    [ "${cache:-0}" -gt $((500 * mib)) ] 2>/dev/null && break
    sleep 0.2
done
expect "the cache of a file is an item" "$cache" '$a -gt $((500 * mib))'
expect "it is not the job's memory" "$(item "$job" memory.usage)" '$a -lt $((50 * mib))'
expect "nor its peak" "$(item "$job" memory.max_usage)" '$a -lt $((100 * mib))'
jc kill "$job" >/dev/null
job=$(jc exec --memory 64M "cat $JOBCLOUD_HOME/big > /dev/null"); done_job "$job"
expect "the cache of a file does not hit a limit" "$(item "$job" status)" '$a == done'
rm -f "$JOBCLOUD_HOME/big"

# CPU time, also of processes that nobody waited for.
job=$(jc exec 'timeout 2 sh -c "while :; do :; done" & timeout 2 sh -c "while :; do :; done" & sleep 5'
); done_job "$job"
expect "CPU time counts all processes" "$(item "$job" cputime.user)" '${a%.*} -ge 1 && ${a%.*} -le 4'

# The limit of processes.
job=$(jc exec 'for i in $(seq 300); do sleep 9004 & done; wait'); done_job "$job"
expect "the limit of processes ends the job" "$(item "$job" reason)" \
    '$a == "the job reached its limit of 200 processes"'

# Kill of all that a job started.
job=$(jc exec 'setsid -f setsid -f env -i sleep 9005; env -i setsid -f sleep 9005; sleep 9005')
for _ in $(seq 100); do [ "$(pgrep -cf '^sleep 9005')" = 3 ] && break; sleep 0.1; done
started=$(pgrep -cf '^sleep 9005')
jc kill "$job" >/dev/null; done_job "$job"
expect "kill ends all that a job started" "$started then $(pgrep -cf '^sleep 900')" \
    '$a == "3 then 0"'

# Many jobs, and the descriptors that the executor holds for running ones.
begin=$(date +%s%N)
jobs=$(jc mapexec -k 500 true); done_job "$jobs"
expect "500 quick jobs are done" "$(jc join "$jobs" -t 600 2>&1 && echo done)" '$a == done'
echo "500 quick jobs: $((($(date +%s%N) - begin) / 1000000)) ms"
executor=$(ps -o ppid= -p "$(pgrep -xo jobcloud-node)" | tr -d " ")
descriptors() { ls "/proc/$executor/fd" | wc -l; }
before=$(descriptors)
jobs=$(jc mapexec -k 50 'sleep 9006')
for _ in $(seq 300); do [ "$(pgrep -cf '^sleep 9006')" = 50 ] && break; sleep 0.1; done
sleep 3
held=$((($(descriptors) - before) / 50))
expect "descriptors that the executor holds for a running job" "$held" '$a -le 12'
jc kill "$jobs" >/dev/null; done_job "$jobs"
expect "none of them stays open" "$(($(descriptors) - before))" '$a -le 70'
