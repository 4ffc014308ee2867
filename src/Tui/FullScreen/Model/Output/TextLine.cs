namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Where a line comes from.</summary>
internal enum LineSource : byte
{
    /// <summary>The one stream shown, or the first of two.</summary>
    First,

    /// <summary>The second of two streams shown in one.</summary>
    Second,

    /// <summary>Not of the job: a word about its output.</summary>
    Note,
}

/// <summary>A line as it is shown: without control characters, its colours beside it.</summary>
/// <param name="Offset">Of its first byte in its stream; of a note: where it stands.</param>
/// <param name="Continued">It is longer than a line may be and goes on in the next one.</param>
internal sealed record TextLine(
    string Text,
    IReadOnlyList<PenSpan> Spans,
    LineSource Source,
    long Offset,
    bool Continued = false
)
{
    private const int Overhead = 96;

    /// <summary>What keeping it costs, in bytes of memory.</summary>
    public long Cost => Overhead + 2L * Text.Length + 24L * Spans.Count;
}
