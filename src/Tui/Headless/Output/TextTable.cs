using System.Text;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Output;

/// <summary>Left-aligned columns, each as wide as its longest cell plus two spaces.</summary>
internal static class TextTable
{
    private const int Gap = 2;
    private const string More = " ...";

    /// <param name="width">The maximum length of a line in characters; 0 means no limit.</param>
    public static void Write(
        TextWriter writer,
        string[]? heading,
        IEnumerable<string[]> rows,
        int width
    )
    {
        var widths = Widths(heading, rows);
        var line = new StringBuilder();
        if (heading is not null)
            WriteLine(writer, line, heading, widths, width);
        foreach (var row in rows)
            WriteLine(writer, line, row, widths, width);
    }

    private static int[] Widths(string[]? heading, IEnumerable<string[]> rows)
    {
        var widths = new int[16];
        if (heading is not null)
            Widen(ref widths, heading);
        foreach (var row in rows)
            Widen(ref widths, row);
        return widths;
    }

    private static void Widen(ref int[] widths, string[] row)
    {
        if (row.Length > widths.Length)
            Array.Resize(ref widths, row.Length);
        for (var i = 0; i < row.Length; i++)
            widths[i] = Math.Max(widths[i], OneLine(row[i]).Length);
    }

    private static void WriteLine(
        TextWriter writer,
        StringBuilder line,
        string[] row,
        int[] widths,
        int width
    )
    {
        line.Clear();
        for (var i = 0; i < row.Length; i++)
        {
            var text = OneLine(row[i]);
            line.Append(text);
            if (i < row.Length - 1)
                line.Append(' ', widths[i] - text.Length + Gap);
        }
        while (line.Length > 0 && line[^1] == ' ')
            line.Length--;
        if (width > 1 && line.Length > width)
        {
            line.Length = width - 1;
            line.Append('…');
        }
        writer.Write(line);
        writer.Write('\n');
    }

    /// <summary>The first line of <paramref name="text"/>, with spaces for tabs, and
    /// visible.</summary>
    public static string OneLine(string text)
    {
        if (VisibleText.IsVisible(text))
            return text;
        var end = text.IndexOf('\n');
        var first = end < 0 ? text : text[..end].TrimEnd('\r');
        var rest = end >= 0 && text.AsSpan(end).Trim().Length > 0;
        return VisibleText.Of(first.Replace('\t', ' ')) + (rest ? More : "");
    }
}
