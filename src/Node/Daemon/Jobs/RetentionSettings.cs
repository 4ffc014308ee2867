using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>How long finished jobs are kept (<c>jobcloud.retention</c>).</summary>
internal sealed record RetentionSettings
{
    public required RetentionLimits Limits { get; init; }

    /// <summary>Slices per page: bounds the work at a time.</summary>
    public int PageSlices { get; init; } = 256;

    /// <summary>Pause between pages.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause between rounds over all old jobs.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    internal static RetentionSettings Read(SettingsReader read) =>
        new()
        {
            Limits = new RetentionLimits(
                (long)
                    read.DurationOrOff(
                        "jobcloud.retention.jobs",
                        "365d",
                        "Finished jobs are purged after this time: only jid, status, created, "
                            + "finished and runtime stay. 0 or off: never."
                    ).TotalMicroseconds,
                read.Count(
                    "jobcloud.retention.jobs-max",
                    10_000_000,
                    "Maximum number of finished jobs; of more, those submitted first are purged. "
                        + "0: no maximum.",
                    least: 0
                )
            ),
        };
}
