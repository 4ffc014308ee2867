using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>How segments commit and rest (<c>jobcloud.segments</c>).</summary>
internal sealed record SegmentSettings
{
    public required TimeSpan PassivateAfter { get; init; }
    public required TimeSpan CheckInterval { get; init; }

    /// <summary>Job events in one journal row: bounds the time that one commit takes.</summary>
    public int MaxBatchEvents { get; init; } = 4096;

    internal static SegmentSettings Read(SettingsReader read) =>
        new()
        {
            PassivateAfter = read.Duration(
                "jobcloud.segments.passivate-after",
                "30s",
                "A finished segment that nobody asks leaves memory after so long."
            ),
            CheckInterval = read.Duration(
                "jobcloud.segments.check-interval",
                "5s",
                "How often an unfinished segment looks for attempts and dependencies that went quiet.",
                least: "10ms"
            ),
        };
}
