using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>The settings under <c>jobcloud.scheduler</c>.</summary>
public sealed record SchedulerSettings
{
    public SchedulingPolicy Policy { get; init; } = SchedulingPolicy.Default;

    /// <summary>The least time between two rounds under load; the first after a pause is at once.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a new scheduler waits to hear from all segments before it assigns.</summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>One unfinished segment in turn is asked for all it has, so that lost messages heal.</summary>
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(5);
}
