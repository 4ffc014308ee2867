using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>Settings for keeping output in the store (<c>jobcloud.outputs.store</c>).</summary>
internal sealed record OutputStoreSettings
{
    /// <summary>True if the store keeps output.</summary>
    public bool On { get; init; }

    /// <summary>Maximum size of a result that is kept whole; only the end of a larger one is
    /// kept.</summary>
    public long ResultMax { get; init; }

    /// <summary>Bytes of one row, which is what one read loads into memory.</summary>
    public int PartSize { get; init; } = 256 << 10;

    /// <summary>Maximum number of ended attempts that wait for the store; the output of further
    /// ones stays only on their node, which logs a warning.</summary>
    public int PendingMax { get; init; } = 10_000;

    /// <summary>Delay after a failure.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxAge { get; init; }

    /// <summary>Maximum bytes of all output in the store.</summary>
    public long MaxTotal { get; init; }

    /// <summary>Interval for finding output to delete.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    internal static OutputStoreSettings Read(SettingsReader read, StoreProvider provider)
    {
        var keep = read.OneOf(
            "jobcloud.outputs.store.keep",
            "Keeps results and the ends of output in the store too, where they outlive their node: on, off or "
                + "auto (on with postgresql; off with sqlite, whose store is on the node's own disk).",
            "auto",
            "on",
            "off"
        );
        return new()
        {
            On = keep == "on" || (keep == "auto" && provider == StoreProvider.PostgreSql),
            ResultMax = read.Size(
                "jobcloud.outputs.store.result-max",
                "128MB",
                "Largest result that the store keeps whole; of larger ones, and of all other output, it keeps "
                    + "the last 65,536 characters."
            ),
            MaxAge = read.Duration(
                "jobcloud.outputs.store.max-age",
                "30d",
                "Maximum time since the end of an attempt; older output is deleted from the store."
            ),
            MaxTotal = read.Size(
                "jobcloud.outputs.store.max-total",
                "20GiB",
                "Maximum size of the whole cloud's output in the store; the oldest is deleted first."
            ),
        };
    }
}
