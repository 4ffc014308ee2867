namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The limits of the output held in memory; the rest is fetched when the user scrolls to
/// it.</summary>
internal sealed record LineLogLimits
{
    /// <summary>The memory limit in bytes.</summary>
    public long Bytes { get; init; } = 64L << 20;

    public int Lines { get; init; } = 200_000;

    /// <summary>The maximum length of a line; a longer one continues in the next.</summary>
    public int LineCharacters { get; init; } = 16_384;

    /// <summary>The number of last lines loaded at first.</summary>
    public int TailLines { get; init; } = 5_000;
}
