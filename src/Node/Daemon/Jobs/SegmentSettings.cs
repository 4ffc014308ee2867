using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Commits and passivation of segments (<c>jobcloud.segments</c>).</summary>
internal sealed record SegmentSettings
{
    public required TimeSpan PassivateAfter { get; init; }
    public required TimeSpan CheckInterval { get; init; }

    public required TimeSpan EraseWithin { get; init; }

    /// <summary>Job events per journal row; bounds the time of one commit.</summary>
    public int MaxBatchEvents { get; init; } = 4096;

    internal static SegmentSettings Read(SettingsReader read) =>
        new()
        {
            PassivateAfter = read.Duration(
                "jobcloud.segments.passivate-after",
                "30s",
                "A finished segment leaves memory after this long without a request."
            ),
            CheckInterval = read.Duration(
                "jobcloud.segments.check-interval",
                "5s",
                "Interval at which an unfinished segment checks silent attempts and dependencies.",
                least: "10ms"
            ),
            EraseWithin = read.Duration(
                "jobcloud.segments.erase-within",
                "1m",
                "The command, the environment, the files and all other data of a deleted job leave "
                    + "the store within this time; its status and times stay.",
                least: "1s"
            ),
        };
}
