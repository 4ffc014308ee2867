namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A row of the screen: a part of a line.</summary>
/// <param name="Number">Of the line.</param>
/// <param name="Start">The first character shown.</param>
/// <param name="Length">How many characters are shown.</param>
internal readonly record struct LogRow(long Number, TextLine Line, int Start, int Length)
{
    public ReadOnlySpan<char> Text => Line.Text.AsSpan(Start, Length);
}

/// <summary>Lines cut to the width of the screen.</summary>
internal static class LogRows
{
    /// <summary>The part of a line that a narrow screen shows.</summary>
    /// <param name="left">Columns that are scrolled out.</param>
    public static (int Start, int Length) Cut(string text, int left, int width)
    {
        var start = Columns.Fit(text, left);
        return (start, Columns.Fit(text.AsSpan(start), width));
    }

    /// <summary>The parts of a line, one under the other; an empty one has one.</summary>
    public static List<(int Start, int Length)> Wrap(string text, int width)
    {
        var rows = new List<(int, int)>();
        var start = 0;
        do
        {
            // A character wider than the screen still takes a row.
            var length = Math.Max(Columns.Fit(text.AsSpan(start), width), Least(text, start));
            rows.Add((start, length));
            start += length;
        } while (start < text.Length);
        return rows;
    }

    private static int Least(string text, int start) =>
        start >= text.Length ? 0
        : start + 1 < text.Length && char.IsSurrogatePair(text, start) ? 2
        : 1;
}
