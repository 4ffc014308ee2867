using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The clock of the node that this client listens to, since the times of jobs are the
/// node's and this machine's clock may differ by hours. Durations are this machine's.</summary>
internal sealed class NodeClock(TimeProvider own) : TimeProvider
{
    /// <summary>Clocks that differ by less agree, in µs.</summary>
    private const long Unclear = 2_000_000;

    /// <summary>News that are this late, in µs, show that a clock was set.</summary>
    private const long Late = 5_000_000;

    private long _ahead;

    public override long TimestampFrequency => own.TimestampFrequency;
    public override TimeZoneInfo LocalTimeZone => own.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() =>
        own.GetUtcNow() + TimeSpan.FromMicroseconds(Volatile.Read(ref _ahead));

    public override long GetTimestamp() => own.GetTimestamp();

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    ) => own.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes the node's time of news, which arrive late and never early.</summary>
    /// <param name="at">In µs; 0: the news have none.</param>
    public void Follow(long at)
    {
        if (at == 0)
            return;
        var ahead = at - own.NowMicroseconds();
        if (Math.Abs(ahead) <= Unclear)
            ahead = 0;
        if (ahead > _ahead || _ahead - ahead > Late)
            Volatile.Write(ref _ahead, ahead);
    }
}
