using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Daemon.Outputs.Stored;

/// <summary>What of ended attempts is kept in the store (<c>jobcloud.outputs.store</c>).</summary>
public sealed record StoredSettings
{
    /// <summary>Whether anything is.</summary>
    public bool On { get; init; }

    /// <summary>Bytes of the longest result that is kept whole; of a longer one the end is.</summary>
    public long ResultMax { get; init; } = 128_000_000;

    /// <summary>Bytes of one row.</summary>
    public int PartSize { get; init; } = 256 << 10;

    /// <summary>Attempts in one transaction, at most.</summary>
    public int BatchAttempts { get; init; } = 256;

    /// <summary>Bytes in one transaction; a single attempt may have more.</summary>
    public long BatchSize { get; init; } = 4 << 20;

    /// <summary>Attempts that wait; more are not kept in the store.</summary>
    public int PendingMax { get; init; } = 10_000;

    /// <summary>The pause after a failure.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Bytes of all of it.</summary>
    public long MaxTotal { get; init; } = 20L << 30;

    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    internal static StoredSettings Read(SettingsReader read, StoreProvider provider)
    {
        var keep = read.OneOf("jobcloud.outputs.store.keep", "auto", "on", "off");
        return new()
        {
            On = keep == "on" || (keep == "auto" && provider == StoreProvider.PostgreSql),
            ResultMax = read.Size("jobcloud.outputs.store.result-max"),
            PartSize = (int)read.Size("jobcloud.outputs.store.part-size", 1 << 10, 16 << 20),
            BatchAttempts = read.Count("jobcloud.outputs.store.batch-attempts", most: 10_000),
            BatchSize = read.Size("jobcloud.outputs.store.batch-size"),
            PendingMax = read.Count("jobcloud.outputs.store.pending-max"),
            Retry = read.Duration("jobcloud.outputs.store.retry", TimeSpan.FromMilliseconds(10)),
            MaxAge = read.Duration("jobcloud.outputs.store.max-age"),
            MaxTotal = read.Size("jobcloud.outputs.store.max-total"),
            CheckInterval = read.Duration(
                "jobcloud.outputs.store.check-interval",
                TimeSpan.FromMilliseconds(10)
            ),
        };
    }
}
