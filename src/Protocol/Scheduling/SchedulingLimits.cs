namespace JobCloud.Protocol.Scheduling;

/// <summary>The spans and sizes that bound the scheduler; all spans in microseconds.</summary>
public sealed record SchedulingLimits
{
    private const long Second = 1_000_000;

    /// <summary>How long others may be placed past a job that does not fit.</summary>
    public long Starvation { get; init; } = 300 * Second;

    /// <summary>A node gets as many attempts ahead as it starts in this span.</summary>
    public long Ahead { get; init; } = Second / 10;

    /// <summary>A segment that has not answered for so long is asked for all it has.</summary>
    public long Confirm { get; init; } = 5 * Second;

    /// <summary>A node that holds attempts and has never been heard of is lost after
    /// this.</summary>
    public long Absent { get; init; } = 60 * Second;

    /// <summary>How long a lost node is still shown.</summary>
    public long KeepLost { get; init; } = 3600 * Second;
}
