using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Outputs.Stored;

/// <summary>What of ended attempts is kept in the store (<c>jobcloud.outputs.store</c>).</summary>
internal sealed record StoredSettings
{
    /// <summary>Whether anything is.</summary>
    public bool On { get; init; }

    /// <summary>Bytes of the longest result that is kept whole; of a longer one the end
    /// is.</summary>
    public long ResultMax { get; init; }

    /// <summary>Bytes of one row: what one read takes into memory.</summary>
    public int PartSize { get; init; } = 256 << 10;

    /// <summary>Attempts in one transaction, at most.</summary>
    public int BatchAttempts { get; init; } = 256;

    /// <summary>Bytes in one transaction; a single attempt may have more.</summary>
    public long BatchSize { get; init; } = 4 << 20;

    /// <summary>Ended attempts that wait for the store; the output of more stays on their node
    /// alone, and the log says so.</summary>
    public int PendingMax { get; init; } = 10_000;

    /// <summary>The pause after a failure.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxAge { get; init; }

    /// <summary>Bytes of all of it.</summary>
    public long MaxTotal { get; init; }

    /// <summary>How often the store is looked through for what is to be dropped.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    internal static StoredSettings Read(SettingsReader read, StoreProvider provider)
    {
        var keep = read.OneOf(
            "jobcloud.outputs.store.keep",
            "Whether results and ends of output go into the store too, where they outlive their node: on, off "
                + "or auto: with postgresql; an sqlite store lies on the node's own disk, where the output is "
                + "already.",
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
                "Longest result that the store keeps whole; of a longer one, as of all other output, it keeps "
                    + "the last 65,536 characters."
            ),
            MaxAge = read.Duration(
                "jobcloud.outputs.store.max-age",
                "30d",
                "What ended so long ago is dropped from the store."
            ),
            MaxTotal = read.Size(
                "jobcloud.outputs.store.max-total",
                "20GiB",
                "Output in the store at most, of the whole cloud; the oldest is dropped first."
            ),
        };
    }
}
