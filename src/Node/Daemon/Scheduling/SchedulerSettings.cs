using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>The settings under <c>jobcloud.scheduler</c>.</summary>
internal sealed record SchedulerSettings
{
    public SchedulingPolicy Policy { get; init; } = SchedulingPolicy.Default;

    /// <summary>The least time between two rounds under load; the first after a pause is at once.
    /// What happens meanwhile is decided together, in one commit.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a new scheduler waits to hear from all segments before it assigns:
    /// earlier, it does not know the most urgent job.</summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>One unfinished segment in turn is asked for all it has, so that lost messages
    /// heal.</summary>
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal static SchedulerSettings Read(SettingsReader read)
    {
        var preset = new SchedulingLimits();
        var policy = PolicyCatalog.Find(
            read.OneOf(
                "jobcloud.scheduler.order",
                "Order of queued jobs of one priority: fair-share (the user who uses least goes first) or fifo.",
                [.. PolicyCatalog.Orders.Select(order => order.Name)]
            ),
            read.OneOf(
                "jobcloud.scheduler.node-choice",
                "Which node a job gets: spread (the emptiest) or pack (the fullest that has room).",
                [.. PolicyCatalog.Choices.Select(choice => choice.Name)]
            ),
            preset with
            {
                Starvation = Micros(
                    "starvation-limit",
                    preset.Starvation,
                    "How long smaller jobs may overtake one that does not fit yet; then room is kept for it."
                ),
                Ahead = Micros(
                    "ahead",
                    preset.Ahead,
                    "A node gets as many attempts ahead of free cores as it starts in this span at its pace: "
                        + "no slot waits for a round trip."
                ),
                Absent = Micros(
                    "absent-node-limit",
                    preset.Absent,
                    "A node that holds attempts and was never heard of is lost after this at the latest; must "
                        + "exceed executor.fence-after."
                ),
                KeepLost = Micros(
                    "keep-lost",
                    preset.KeepLost,
                    "How long a lost node is still listed."
                ),
            }
        );
        return new() { Policy = policy.Value ?? SchedulingPolicy.Default };

        long Micros(string name, long usual, string why) =>
            (long)
                read.Duration(
                    $"jobcloud.scheduler.{name}",
                    SettingText.OfDuration(TimeSpan.FromMicroseconds(usual)),
                    why
                ).TotalMicroseconds;
    }
}
