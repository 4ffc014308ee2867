using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>A cgroup in each of the hierarchies of version 1 (kernel: admin-guide/cgroup-v1). All
/// of an attempt is in that of memory from its first moment; in those of the cpu only what is alive
/// when it is first looked at: each hierarchy more costs a quick job a tenth of its
/// speed.</summary>
/// <param name="folders">In the hierarchies of memory, cpu and cpuacct.</param>
/// <param name="home">Of the executor itself.</param>
internal sealed class V1Cgroup(
    V1Folders folders,
    V1Folders home,
    CgroupLimits limits,
    Func<bool> hasSwap
) : JobCgroup(limits)
{
    /// <summary>An attempt that left more has file pages that would count as the next
    /// one's.</summary>
    private const long TraceMemoryBytes = 1024 * 1024;

    /// <summary>Its processes fork while they are moved; few rounds reach all but a fork
    /// bomb.</summary>
    private const int MoveRoundsMax = 10;

    /// <summary>So much may be swapped: only the limit without swap counts how often it is hit, and
    /// so it must be hit first, in spite of charges that are made by 64 pages.</summary>
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
    private readonly ControlFile _cpuTicks = new($"{folders.Cpuacct}/cpuacct.stat");

    /// <summary>CPU time that its processes had used when they came into the hierarchies of the
    /// cpu, µs; null: they are not there.</summary>
    private long? _usedBefore;
    private bool _removed;

    public override string Directory => folders.Memory;

    public override bool IsEmpty => Pids().Count == 0;

    /// <summary>Makes the directory and sets the limits of memory; returns 0 or an error.</summary>
    public int Make()
    {
        if (CgroupFolder.MakeNew(folders.Memory) is var error and not 0)
            return error;
        if (Limits.MemoryBytes > 0)
        {
            var memory = $"{folders.Memory}/memory.limit_in_bytes";
            if (ControlFile.Write(memory, $"{Limits.MemoryBytes}") is var refused and not 0)
                return refused;
            // Only where the kernel counts swap.
            _ = ControlFile.Write(
                $"{folders.Memory}/memory.memsw.limit_in_bytes",
                $"{Limits.MemoryBytes + SwapMarginBytes}"
            );
        }
        return 0;
    }

    public override void Settle()
    {
        lock (_gate)
        {
            if (_removed || _usedBefore is not null)
                return;
            foreach (var folder in folders.OfCpu)
            {
                if (CgroupFolder.MakeNew(folder) != 0)
                    return;
            }
            if (Limits.Cores > 0)
                _ = ControlFile.Write(
                    $"{folders.Cpu}/cpu.shares",
                    $"{CpuWeight.SharesOf(Limits.Cores)}"
                );
            // Refused where a cgroup above has a smaller quota, which then holds.
            if (Limits.QuotaUs > 0)
                _ = ControlFile.Write($"{folders.Cpu}/cpu.cfs_quota_us", $"{Limits.QuotaUs}");
            _usedBefore = Move();
        }
    }

    /// <summary>Moves this thread: what it starts is in the cgroup from its first moment.</summary>
    public override (string Program, IReadOnlyList<string> Arguments)? Admit(
        string program,
        IReadOnlyList<string> arguments,
        out int error
    )
    {
        error = 0;
        return _tasks.Write("0"u8) == 0 ? (program, arguments) : null;
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
            // Looked at only where it may be: reading costs a quick job more than its end.
            var mayHit = Limits.MemoryBytes > 0 && memoryMax > Limits.MemoryBytes / 2;
            return new(
                cpu,
                user,
                system,
                _usage.Number(),
                memoryMax,
                mayHit ? _failures.Number() : 0,
                mayHit ? _oom.Number("oom_kill"u8) : 0,
                swap,
                swapMax
            );
        }
    }

    /// <summary>-1 and nothing, as long as the hierarchies of the cpu do not know it.</summary>
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
            || last.MemoryBytes > TraceMemoryBytes
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

    /// <summary>Moves its processes into the hierarchies of the cpu; returns what they had used,
    /// µs: in ticks, and without those that had ended and were not their children.</summary>
    private long Move()
    {
        var used = 0L;
        var moved = new HashSet<int>();
        for (var round = 0; round < MoveRoundsMax; round++)
        {
            var news = false;
            foreach (var pid in Pids())
            {
                if (!moved.Add(pid))
                    continue;
                news = true;
                if (round == 0 && ProcessStat.Read(pid) is { } stat)
                    used += Ticks.Microseconds(stat.UserTicks + stat.SystemTicks);
                foreach (var folder in folders.OfCpu)
                    _ = ControlFile.Write($"{folder}/cgroup.procs", $"{pid}");
            }
            if (!news)
                break;
        }
        return used;
    }

    /// <summary>A thread that the executor's runtime made just when the one that starts jobs was in
    /// here stayed in here.</summary>
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
        };

    /// <summary>The kernel counts memory with swap, and each now, but no peak of swap: it was at
    /// least the difference of the peaks.</summary>
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
