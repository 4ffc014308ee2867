using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>What one attempt used so far: what its ended processes cost, and what the last look at
/// the living ones showed.</summary>
internal sealed class UsageTally
{
    private const long NotMeasured = -1;

    /// <summary>The kernel's count of resident pages may be off by this much.</summary>
    private const long Blur = 2 * 1024 * 1024;

    private long _endedUserUs;
    private long _endedSystemUs;
    private long _endedPeak;
    private long _liveUserUs;
    private long _liveSystemUs;
    private long _memory = NotMeasured;
    private long _memoryPeak = NotMeasured;
    private long _swap = NotMeasured;
    private long _swapPeak = NotMeasured;
    private CgroupReading? _cgroup;

    /// <summary>One of its processes has ended and was reaped here.</summary>
    public void Ended(in ChildExit exit)
    {
        _endedUserUs += exit.UserUs;
        _endedSystemUs += exit.SystemUs;
        _endedPeak = Math.Max(_endedPeak, exit.MaxResidentBytes);
    }

    /// <summary>The sums over its living processes.</summary>
    /// <param name="swap">Bytes; -1: not measured.</param>
    public void Seen(long userUs, long systemUs, long memory, long swap)
    {
        (_liveUserUs, _liveSystemUs) = (userUs, systemUs);
        (_memory, _memoryPeak) = (memory, Math.Max(_memoryPeak, memory));
        (_swap, _swapPeak) = (swap, Math.Max(_swapPeak, swap));
    }

    /// <summary>What its cgroup counted: all its processes, ended ones included.</summary>
    /// <param name="isOver">None of them lives: what is still in use is no peak.</param>
    public void Seen(in CgroupReading reading, bool isOver)
    {
        _cgroup = reading;
        (_memory, _swap) = (reading.MemoryBytes, reading.SwapBytes);
        _memoryPeak = Math.Max(_memoryPeak, reading.MemoryMaxBytes);
        _swapPeak = Math.Max(_swapPeak, reading.SwapMaxBytes);
        if (isOver)
            return;
        _memoryPeak = Math.Max(_memoryPeak, _memory);
        _swapPeak = Math.Max(_swapPeak, _swap);
    }

    /// <summary>What it uses now, as far as the last look knows; the disk is not in it.</summary>
    public Usage Now()
    {
        var (user, system) = Cpu(_liveUserUs, _liveSystemUs);
        return new()
        {
            CpuUserUs = user,
            CpuSystemUs = system,
            MemoryBytes = _memory,
            MemoryMaxBytes = _memoryPeak,
            MemoryFailures = _cgroup?.MemoryFailures ?? NotMeasured,
            SwapBytes = _swap,
            SwapMaxBytes = _swapPeak,
            DiskBytes = NotMeasured,
        };
    }

    /// <summary>All that it used. A peak that wait4(2) gives counts only above the executor's own:
    /// Linux carries the parent's over through exec when the child was made by vfork.</summary>
    public Usage AtEnd(long ownPeakMemory)
    {
        var usage = Now();
        (usage.CpuUserUs, usage.CpuSystemUs) = Cpu(0, 0);
        (usage.MemoryBytes, usage.SwapBytes) = (NotMeasured, NotMeasured);
        if (_cgroup is not { MemoryMaxBytes: >= 0 } && _endedPeak > ownPeakMemory + Blur)
            usage.MemoryMaxBytes = Math.Max(_memoryPeak, _endedPeak);
        return usage;
    }

    /// <summary>A cgroup counts also what ended without being waited for, but may begin to count
    /// late, in ticks, and tells time in programs and in the kernel apart in ticks or not at all.
    /// What the ended processes cost is exact. Neither is ever too much.</summary>
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
