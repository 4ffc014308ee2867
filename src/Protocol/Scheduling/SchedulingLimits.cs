namespace JobCloud.Protocol.Scheduling;

/// <summary>Limits of the scheduler; durations are in microseconds.</summary>
public sealed record SchedulingLimits
{
    private const long Second = 1_000_000;

    /// <summary>The time for which other jobs may overtake a job that does not fit.</summary>
    public long Starvation { get; init; } = 300 * Second;

    /// <summary>A node prefetches as many attempts as it starts within this time.</summary>
    public long Prefetch { get; init; } = Second / 10;

    /// <summary>An attempt that has not started within this time may be wanted
    /// elsewhere.</summary>
    internal long Late => 2 * Prefetch;

    /// <summary>A node that did not start an attempt within this time has lost its
    /// pace.</summary>
    internal long Overdue => 10 * Prefetch;

    /// <summary>A segment that does not answer within this time is asked for a full
    /// update.</summary>
    public long Confirm { get; init; } = 5 * Second;

    /// <summary>A node that is known only from attempts is lost after this time.</summary>
    public long Absent { get; init; } = 60 * Second;

    /// <summary>The time for which a lost node is shown.</summary>
    public long KeepLost { get; init; } = 3600 * Second;
}
