using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Settings for reading and deleting output (<c>jobcloud.outputs</c>).</summary>
internal sealed record OutputSettings
{
    /// <summary>Maximum bytes of one answer to a reader on this node.</summary>
    public int LocalChunk { get; init; } = 65_536;

    /// <summary>Interval for polling files that are followed.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Maximum number of waiting readers; further ones are answered at once.</summary>
    public int WaitersMax { get; init; } = 4096;

    public TimeSpan MaxAge { get; init; }

    /// <summary>Maximum bytes of all output that the node keeps.</summary>
    public long MaxTotal { get; init; }

    /// <summary>Interval for finding output to delete.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    internal static OutputSettings Read(SettingsReader read) =>
        new()
        {
            MaxAge = read.Duration(
                "jobcloud.outputs.max-age",
                "30d",
                "Maximum time since the end of an attempt; older output is deleted."
            ),
            MaxTotal = read.Size(
                "jobcloud.outputs.max-total",
                "20GiB",
                "Maximum size of all output that a node keeps; the oldest is deleted first."
            ),
        };
}
