namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The source of a line.</summary>
internal enum LineSource : byte
{
    /// <summary>The only stream shown, or the first of two.</summary>
    First,

    /// <summary>The second of two merged streams.</summary>
    Second,

    /// <summary>Not output: a note about the output.</summary>
    Note,
}

/// <summary>A line to show: its text without control characters, and its colours.</summary>
/// <param name="Offset">The offset of its first byte in the stream; of a note: its
/// position.</param>
/// <param name="Continued">Whether the line exceeds the maximum length and continues in the next
/// one.</param>
internal sealed record TextLine(
    string Text,
    IReadOnlyList<PenSpan> Spans,
    LineSource Source,
    long Offset,
    bool Continued = false
)
{
    private const int Overhead = 96;

    /// <summary>The memory that the line uses, in bytes.</summary>
    public long Cost => Overhead + 2L * Text.Length + 24L * Spans.Count;
}
