using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>How output is read and how long it is kept (<c>jobcloud.outputs</c>).</summary>
internal sealed record OutputSettings
{
    /// <summary>Bytes of one answer to a reader on another node; a frame holds 128 kB.</summary>
    public int RemoteChunk { get; init; } = 16_000;

    /// <summary>Bytes of one answer to a reader on this node.</summary>
    public int LocalChunk { get; init; } = 65_536;

    /// <summary>How often the files that someone follows are looked at.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A reader that waits gets an empty answer after this.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>More waiting readers than this are answered at once.</summary>
    public int WaitersMax { get; init; } = 4096;

    public TimeSpan MaxAge { get; init; }

    /// <summary>Bytes of all kept output of the node.</summary>
    public long MaxTotal { get; init; }

    /// <summary>How often output is looked through for what is to be dropped.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    internal static OutputSettings Read(SettingsReader read) =>
        new()
        {
            MaxAge = read.Duration(
                "jobcloud.outputs.max-age",
                "30d",
                "Output of attempts that ended so long ago is dropped."
            ),
            MaxTotal = read.Size(
                "jobcloud.outputs.max-total",
                "20GiB",
                "Output that a node keeps at most; the oldest is dropped first."
            ),
        };
}
