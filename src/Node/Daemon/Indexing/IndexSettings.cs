namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Settings for writing the index.</summary>
internal sealed record IndexSettings
{
    /// <summary>Time that changed rows may gather before they are written in one transaction;
    /// queries see them at once.</summary>
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Maximum number of changed rows in memory; at this number they are written
    /// immediately.</summary>
    public int MaxPendingRows { get; init; } = 10_000;

    /// <summary>Page size for reading the rows of a segment on another node, if nodes share a store
    /// (frames hold 128,000 bytes).</summary>
    public int PageBytes { get; init; } = 64 << 10;
}
