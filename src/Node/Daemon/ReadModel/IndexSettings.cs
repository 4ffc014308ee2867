namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>How the read model is written.</summary>
internal sealed record IndexSettings
{
    /// <summary>How long changed rows may gather before they are written in one transaction;
    /// queries see them at once.</summary>
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Changed rows kept in memory before they are written without waiting.</summary>
    public int MaxPendingRows { get; init; } = 10_000;

    /// <summary>In a cloud whose nodes share a store: rows of a segment on another node come in
    /// pages of this size (frames hold 128,000 bytes).</summary>
    public int PageBytes { get; init; } = 64 << 10;
}
