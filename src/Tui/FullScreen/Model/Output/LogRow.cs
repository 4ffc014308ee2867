using System.Text;

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
        var start = Fit(text, left);
        return (start, Fit(text.AsSpan(start), width));
    }

    /// <summary>The parts of a line, one under the other; an empty one has one.</summary>
    public static List<(int Start, int Length)> Wrap(string text, int width)
    {
        var rows = new List<(int, int)>();
        var start = 0;
        do
        {
            var rest = text.AsSpan(start);
            // A character wider than the screen still takes a row.
            var least = rest.Length > 0 ? Graphemes.First(rest, out _) : 0;
            var length = Math.Max(least, Fit(rest, width));
            rows.Add((start, length));
            start += length;
        } while (start < text.Length);
        return rows;
    }

    /// <summary>How many characters fill at most so many columns.</summary>
    private static int Fit(ReadOnlySpan<char> text, int columns)
    {
        if (Ascii.IsValid(text[..Math.Min(text.Length, columns + 1)]))
            return Math.Min(text.Length, columns);
        var length = 0;
        while (length < text.Length)
        {
            var first = Graphemes.First(text[length..], out var taken);
            columns -= taken;
            if (columns < 0)
                break;
            length += first;
        }
        return length;
    }
}
