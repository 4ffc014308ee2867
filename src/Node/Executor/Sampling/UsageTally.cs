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

    /// <summary>What it uses now, as far as the last look knows; the disk is not in it.</summary>
    public Usage Now() =>
        new()
        {
            CpuUserUs = _endedUserUs + _liveUserUs,
            CpuSystemUs = _endedSystemUs + _liveSystemUs,
            MemoryBytes = _memory,
            MemoryMaxBytes = _memoryPeak,
            MemoryFailures = NotMeasured,
            SwapBytes = _swap,
            SwapMaxBytes = _swapPeak,
            DiskBytes = NotMeasured,
        };

    /// <summary>All that it used. A peak that wait4(2) gives counts only above the executor's own:
    /// Linux carries the parent's over through exec when the child was made by vfork.</summary>
    public Usage AtEnd(long ownPeakMemory)
    {
        var usage = Now();
        (usage.CpuUserUs, usage.CpuSystemUs) = (_endedUserUs, _endedSystemUs);
        (usage.MemoryBytes, usage.SwapBytes) = (NotMeasured, NotMeasured);
        if (_endedPeak > ownPeakMemory + Blur)
            usage.MemoryMaxBytes = Math.Max(_memoryPeak, _endedPeak);
        return usage;
    }
}
