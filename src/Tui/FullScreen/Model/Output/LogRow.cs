using System.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A row of the screen: part of a line.</summary>
/// <param name="Number">The number of the line.</param>
/// <param name="Start">The index of the first character shown.</param>
/// <param name="Length">The number of characters shown.</param>
internal readonly record struct LogRow(long Number, TextLine Line, int Start, int Length)
{
    public ReadOnlySpan<char> Text => Line.Text.AsSpan(Start, Length);
}

/// <summary>Cuts lines to the width of the screen.</summary>
internal static class LogRows
{
    /// <summary>The visible part of an unwrapped line.</summary>
    /// <param name="left">The number of columns scrolled out at the left.</param>
    public static (int Start, int Length) Cut(string text, int left, int width)
    {
        var start = Fit(text, left);
        return (start, Fit(text.AsSpan(start), width));
    }

    /// <summary>The rows of a wrapped line; an empty line has one row.</summary>
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

    /// <summary>The number of characters that fit into a number of columns.</summary>
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
