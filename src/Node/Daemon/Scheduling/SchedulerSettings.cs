using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>The settings under <c>jobcloud.scheduler</c>.</summary>
internal sealed record SchedulerSettings
{
    public SchedulingPolicy Policy { get; init; } = SchedulingPolicy.Default;

    /// <summary>Minimum time between two rounds under load; after a pause the first round starts at
    /// once. A round handles all changes since the last one, in one commit.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(10);

    internal static SchedulerSettings Read(SettingsReader read)
    {
        var preset = new SchedulingLimits();
        var policy = PolicyCatalog.Find(
            read.OneOf(
                "jobcloud.scheduler.order",
                "Order of queued jobs of equal priority: fair-share (the user with the fewest "
                    + "cores in use first) or fifo.",
                [.. PolicyCatalog.Orders.Select(order => order.Name)]
            ),
            read.OneOf(
                "jobcloud.scheduler.node-choice",
                "Node that a job is assigned to: spread (the largest share of free cores) or pack (the fewest free cores that can still run the job).",
                [.. PolicyCatalog.Choices.Select(choice => choice.Name)]
            ),
            preset with
            {
                Starvation = Micros(
                    "starvation-limit",
                    preset.Starvation,
                    "How long smaller jobs may overtake a job that does not fit yet; then a "
                        + "node is reserved for it."
                ),
                Prefetch = Micros(
                    "ahead",
                    preset.Prefetch,
                    "Prefetch: beyond its free cores, a node gets as many attempts as it starts "
                        + "in this time, so that no core waits for a round trip."
                ),
                Absent = Micros(
                    "absent-node-limit",
                    preset.Absent,
                    "A node that holds attempts but that this cloud has never seen counts as "
                        + "lost after at most this long; must exceed executor.fence-after."
                ),
                KeepLost = Micros(
                    "keep-lost",
                    preset.KeepLost,
                    "How long a lost node stays in the list of nodes."
                ),
            }
        );
        return new() { Policy = policy.Value ?? SchedulingPolicy.Default };

        long Micros(string name, long normal, string why) =>
            (long)
                read.Duration(
                    $"jobcloud.scheduler.{name}",
                    SettingText.OfDuration(TimeSpan.FromMicroseconds(normal)),
                    why
                ).TotalMicroseconds;
    }
}
