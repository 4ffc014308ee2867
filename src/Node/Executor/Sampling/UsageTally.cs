using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>The resource usage of one attempt so far: the cost of its ended processes plus the last
/// sample of the live ones.</summary>
internal sealed class UsageTally
{
    private const long NotMeasured = -1;

    /// <summary>The possible error of the kernel's count of resident pages.</summary>
    private const long ResidentErrorBytes = 2 * 1024 * 1024;

    private long _endedUserUs;
    private long _endedSystemUs;
    private long _endedPeak;
    private long _liveUserUs;
    private long _liveSystemUs;
    private long _memory = NotMeasured;
    private long _memoryPeak = NotMeasured;
    private long _largestCache;
    private long _swap = NotMeasured;
    private long _swapPeak = NotMeasured;
    private CgroupReading? _cgroup;
    private (long UserUs, long SystemUs) _cpu;

    /// <summary>Adds the cost of a process of the attempt that was reaped here.</summary>
    public void Ended(in ChildExit exit)
    {
        _endedUserUs += exit.UserUs;
        _endedSystemUs += exit.SystemUs;
        _endedPeak = Math.Max(_endedPeak, exit.MaxResidentBytes);
    }

    /// <summary>Records the sums over the live processes.</summary>
    /// <param name="swap">Bytes; -1: not measured.</param>
    public void Record(long userUs, long systemUs, long memory, long swap)
    {
        (_liveUserUs, _liveSystemUs) = (userUs, systemUs);
        (_memory, _memoryPeak) = (memory, Math.Max(_memoryPeak, memory));
        (_swap, _swapPeak) = (swap, Math.Max(_swapPeak, swap));
    }

    /// <summary>Records the counters of the cgroup, which include ended processes.</summary>
    /// <param name="hasEnded">No process is alive, so memory still in use is not a peak.</param>
    public void Record(in CgroupReading reading, bool hasEnded)
    {
        _cgroup = reading;
        (_memory, _swap) = (reading.UsedBytes, reading.SwapBytes);
        _largestCache = Math.Max(_largestCache, reading.CacheBytes);
        _swapPeak = Math.Max(_swapPeak, reading.SwapMaxBytes);
        if (hasEnded)
            return;
        _memoryPeak = Math.Max(_memoryPeak, _memory);
        _swapPeak = Math.Max(_swapPeak, _swap);
    }

    /// <summary>The current usage as of the last sample, without the disk. CPU time never
    /// falls.</summary>
    public Usage Now()
    {
        // A pass over /proc can miss a process that its parent reaps meanwhile.
        var cpu = Cpu(_liveUserUs, _liveSystemUs);
        if (cpu.UserUs + cpu.SystemUs > _cpu.UserUs + _cpu.SystemUs)
            _cpu = cpu;
        return new()
        {
            CpuUserUs = _cpu.UserUs,
            CpuSystemUs = _cpu.SystemUs,
            MemoryBytes = _memory,
            MemoryMaxBytes = Math.Max(_memoryPeak, PeakWithoutCache),
            MemoryCacheBytes = _cgroup?.CacheBytes ?? NotMeasured,
            MemoryFailures = _cgroup?.MemoryFailures ?? NotMeasured,
            SwapBytes = _swap,
            SwapMaxBytes = _swapPeak,
            DiskBytes = NotMeasured,
        };
    }

    /// <summary>The total usage. A peak from wait4(2) counts only above the executor's own, because
    /// Linux carries the parent's peak over through exec when the child was created by
    /// vfork.</summary>
    public Usage AtEnd(long ownPeakMemory)
    {
        var usage = Now();
        (usage.CpuUserUs, usage.CpuSystemUs) = Cpu(0, 0);
        (usage.MemoryBytes, usage.SwapBytes) = (NotMeasured, NotMeasured);
        usage.MemoryCacheBytes = NotMeasured;
        if (
            _cgroup is not { MemoryMaxBytes: >= 0 }
            && _endedPeak > ownPeakMemory + ResidentErrorBytes
        )
            usage.MemoryMaxBytes = Math.Max(_memoryPeak, _endedPeak);
        return usage;
    }

    /// <summary>A lower bound of the peak, which also sees what happens between samples: the
    /// kernel's own peak less the largest cache that any sample saw.</summary>
    private long PeakWithoutCache =>
        _cgroup is { MemoryMaxBytes: >= 0 and var peak }
            ? Math.Max(0, peak - _largestCache)
            : NotMeasured;

    /// <summary>Combines both counts of CPU time. A cgroup also counts processes that ended without
    /// being reaped, but it may start late and splits user and system time coarsely or not at all.
    /// The cost of the reaped processes is exact. Neither count is ever too high.</summary>
    private (long UserUs, long SystemUs) Cpu(long liveUserUs, long liveSystemUs)
    {
        var (user, system) = (_endedUserUs + liveUserUs, _endedSystemUs + liveSystemUs);
        if (_cgroup is not { CpuUs: >= 0 } counted || counted.CpuUs <= user + system)
            return (user, system);
        return counted.UserUs + counted.SystemUs > user + system
            ? CpuSplit.Of(counted.CpuUs, counted.UserUs, counted.SystemUs)
            : CpuSplit.Of(counted.CpuUs, user, system);
    }
}
