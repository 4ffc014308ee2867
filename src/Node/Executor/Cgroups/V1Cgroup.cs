using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>A cgroup in each version 1 hierarchy (kernel: admin-guide/cgroup-v1). An attempt is in
/// the memory hierarchy from its start. It joins the CPU and pids hierarchies at its first sample,
/// with the processes alive then, because each further hierarchy costs a short job a tenth of its
/// speed.</summary>
/// <param name="folders">Its directories in the hierarchies.</param>
/// <param name="home">The directories of the executor's own cgroup.</param>
internal sealed class V1Cgroup(
    V1Folders folders,
    V1Folders home,
    CgroupLimits limits,
    Func<bool> hasSwap
) : JobCgroup(limits)
{
    /// <summary>Above this, the remaining file pages would count as the next attempt's.</summary>
    private const long ReusableMemoryBytes = 1024 * 1024;

    /// <summary>Processes fork while they are moved; a few rounds move all but a fork
    /// bomb.</summary>
    private const int MoveRoundsMax = 10;

    /// <summary>The swap allowance. Only the limit without swap counts its hits, so it must be hit
    /// first, although the kernel charges 64 pages at a time.</summary>
    private const long SwapMarginBytes = 1024 * 1024;

    private const long TickUs = 10_000; // USER_HZ
    private readonly Lock _gate = new();
    private readonly ControlFile _tasks = new($"{folders.Memory}/tasks");
    private readonly ControlFile _usage = new($"{folders.Memory}/memory.usage_in_bytes");
    private readonly ControlFile _memoryMax = new($"{folders.Memory}/memory.max_usage_in_bytes");
    private readonly ControlFile _maxReset = new($"{folders.Memory}/memory.max_usage_in_bytes");
    private readonly ControlFile _failures = new($"{folders.Memory}/memory.failcnt");
    private readonly ControlFile _swapMax = new(
        $"{folders.Memory}/memory.memsw.max_usage_in_bytes"
    );
    private readonly ControlFile _swapMaxReset = new(
        $"{folders.Memory}/memory.memsw.max_usage_in_bytes"
    );
    private readonly ControlFile _memory = new($"{folders.Memory}/memory.stat");
    private readonly ControlFile _oom = new($"{folders.Memory}/memory.oom_control");
    private readonly ControlFile _cpu = new($"{folders.Cpuacct}/cpuacct.usage");
    private readonly ControlFile _processes = new($"{folders.Pids}/pids.current");
    private readonly ControlFile _forkFailures = new($"{folders.Pids}/pids.events");
    private readonly ControlFile _cpuTicks = new($"{folders.Cpuacct}/cpuacct.stat");

    /// <summary>CPU time that the processes had used when they joined the CPU hierarchies, µs;
    /// null: they have not joined.</summary>
    private long? _usedBefore;
    private bool _removed;

    public override string Directory => folders.Memory;

    public override IReadOnlyList<string> Directories
    {
        get
        {
            lock (_gate)
                return _usedBefore is null ? [folders.Memory] : [.. folders.Distinct];
        }
    }

    public override bool IsEmpty => Pids() is { Count: 0 };

    /// <summary>Creates the directory and sets the memory limits; returns 0 or an errno.</summary>
    public int Make()
    {
        if (CgroupFolder.MakeNew(folders.Memory) is var error and not 0)
            return error;
        if (Limits.MemoryBytes > 0)
        {
            var memory = $"{folders.Memory}/memory.limit_in_bytes";
            if (ControlFile.Write(memory, $"{Limits.MemoryBytes}") is var refused and not 0)
                return refused;
            // Succeeds only where the kernel counts swap.
            _ = ControlFile.Write(
                $"{folders.Memory}/memory.memsw.limit_in_bytes",
                $"{Limits.MemoryBytes + SwapMarginBytes}"
            );
        }
        return 0;
    }

    public override void SetLimits()
    {
        lock (_gate)
        {
            if (_removed || _usedBefore is not null)
                return;
            foreach (var folder in folders.Others)
            {
                if (CgroupFolder.MakeNew(folder) != 0)
                    return;
            }
            if (Limits.Cores > 0)
                _ = ControlFile.Write(
                    $"{folders.Cpu}/cpu.shares",
                    $"{CpuWeight.SharesOf(Limits.Cores)}"
                );
            if (Limits.Processes > 0 && folders.Pids.Length > 0)
                _ = ControlFile.Write($"{folders.Pids}/pids.max", $"{Limits.Processes}");
            // Fails where a parent cgroup has a smaller quota, which then applies.
            if (Limits.QuotaUs > 0)
                _ = ControlFile.Write($"{folders.Cpu}/cpu.cfs_quota_us", $"{Limits.QuotaUs}");
            _usedBefore = Move();
        }
    }

    /// <summary>Moves this thread into the cgroup, so that a process it starts is in the cgroup at
    /// once.</summary>
    public override (string Program, IReadOnlyList<string> Arguments)? PrepareSpawn(
        string program,
        IReadOnlyList<string> arguments,
        out int error
    )
    {
        var failed = _tasks.Write("0"u8);
        error = Libc.IsOutOfDescriptors(failed) ? failed : 0;
        return failed == 0 ? (program, arguments) : null;
    }

    public override CgroupReading Read()
    {
        lock (_gate)
        {
            if (_removed)
                return default;
            var (cpu, user, system) = Cpu();
            var memoryMax = _memoryMax.Number();
            var (swap, swapMax) = Swap(memoryMax);
            // Reads these only when a hit is possible: reading costs a short job more than its
            // exit.
            var isSmall = memoryMax <= CgroupReading.SmallBytes;
            // Without a limit of its own, a job is killed when the machine has no memory left.
            var mayHit = Limits.MemoryBytes > 0 ? memoryMax > Limits.MemoryBytes / 2 : !isSmall;
            return new(
                cpu,
                user,
                system,
                _usage.Number(),
                memoryMax,
                mayHit ? _failures.Number() : 0,
                mayHit ? _oom.Number("oom_kill"u8) : 0,
                swap,
                swapMax,
                HasTooManyProcesses(),
                isSmall ? 0 : _memory.Number("total_inactive_file"u8)
            );
        }
    }

    /// <summary>False until the attempt has joined that hierarchy. It may then have more processes
    /// than the limit, which only stops forks.</summary>
    private bool HasTooManyProcesses()
    {
        if (_usedBefore is null || Limits.Processes == 0)
            return false;
        if (folders.Pids.Length == 0)
            return Pids()?.Count > Limits.Processes;
        return _forkFailures.Number("max"u8) > 0 || _processes.Number() > Limits.Processes;
    }

    /// <summary>Returns -1 and zeros until the attempt has joined the CPU hierarchies.</summary>
    private (long CpuUs, long UserUs, long SystemUs) Cpu()
    {
        if (_usedBefore is not { } before || _cpu.Number() is not (>= 0 and var ns))
            return (-1, 0, 0);
        Span<byte> text = stackalloc byte[256];
        var ticks = _cpuTicks.Read(text);
        return (
            before + ns / 1000,
            KeyedText.Number(ticks, "user"u8) * TickUs,
            KeyedText.Number(ticks, "system"u8) * TickUs
        );
    }

    public override bool TryClean(in CgroupReading last)
    {
        if (
            _usedBefore is not null
            || last.MemoryBytes > ReusableMemoryBytes
            || last.MemoryFailures > 0
            || last.OutOfMemoryKills > 0
            || !CgroupFolder.IsLeaf(folders.Memory)
            || HoldsExecutor
        )
            return false;
        return _maxReset.Write("0"u8) == 0
            && (!hasSwap() || _swapMax.Number() < 0 || _swapMaxReset.Write("0"u8) == 0);
    }

    public override long OutOfMemoryKills
    {
        get
        {
            lock (_gate)
                return _oom.Number("oom_kill"u8);
        }
    }

    public override bool TryRemove()
    {
        lock (_gate)
        {
            _removed = true;
            foreach (var file in (ReadOnlySpan<ControlFile>)[_tasks, .. Counters])
                file.Dispose();
        }
        var all = true;
        foreach (var (folder, above) in folders.Distinct.Zip(home.Distinct))
            all &= CgroupFolder.TryRemove(folder) || TryRemoveWithoutThreads(folder, above);
        return all;
    }

    /// <summary>Moves the processes into the CPU hierarchies. Returns their CPU time so far, µs, in
    /// whole ticks and without ended processes that they had not reaped.</summary>
    private long Move()
    {
        var used = 0L;
        var moved = new HashSet<int>();
        for (var round = 0; round < MoveRoundsMax; round++)
        {
            var foundNew = false;
            foreach (var pid in Pids() ?? [])
            {
                if (!moved.Add(pid))
                    continue;
                foundNew = true;
                if (round == 0 && ProcessStat.Read(pid) is { } stat)
                    used += Ticks.Microseconds(stat.UserTicks + stat.SystemTicks);
                foreach (var folder in folders.Others)
                    _ = ControlFile.Write($"{folder}/cgroup.procs", $"{pid}");
            }
            if (!foundNew)
                break;
        }
        return used;
    }

    /// <summary>Moves the executor's threads out of the cgroup before removing it. The runtime may
    /// create a thread while the starting thread is in this cgroup.</summary>
    private static bool TryRemoveWithoutThreads(string folder, string above)
    {
        foreach (var thread in KeyedText.Numbers(ControlFile.ReadAll($"{folder}/tasks")))
        {
            if (System.IO.Directory.Exists($"/proc/self/task/{thread}"))
                _ = ControlFile.Write($"{above}/tasks", $"{thread}");
        }
        return CgroupFolder.TryRemove(folder);
    }

    private ReadOnlySpan<ControlFile> Counters =>
        new[]
        {
            _usage,
            _memoryMax,
            _maxReset,
            _failures,
            _swapMax,
            _swapMaxReset,
            _memory,
            _oom,
            _cpu,
            _cpuTicks,
            _processes,
            _forkFailures,
        };

    /// <summary>Returns the swap use. Version 1 reports a peak of memory plus swap but none of swap
    /// alone; the difference of the peaks is a lower bound.</summary>
    private (long Now, long Max) Swap(long memoryMax)
    {
        if (!hasSwap())
            return (0, 0);
        var both = _swapMax.Number();
        if (both < 0)
            return (-1, -1);
        var now = _memory.Number("total_swap"u8);
        return (now, Math.Max(now, both - memoryMax));
    }
}
