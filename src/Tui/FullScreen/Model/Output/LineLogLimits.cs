namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>How much of an output is held for the screen; the rest is asked for when it is scrolled
/// to.</summary>
internal sealed record LineLogLimits
{
    /// <summary>Bytes of memory.</summary>
    public long Bytes { get; init; } = 64L << 20;

    public int Lines { get; init; } = 200_000;

    /// <summary>Characters of a line; a longer one goes on in the next.</summary>
    public int LineCharacters { get; init; } = 16_384;

    /// <summary>Lines of the end that are there at first.</summary>
    public int TailLines { get; init; } = 5_000;
}
