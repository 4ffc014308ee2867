using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Output;

/// <summary>Left-aligned columns, each as wide as its longest cell plus two spaces, or narrower if
/// the terminal is.</summary>
internal static class TextTable
{
    private const string More = " ...";
    private const char Cut = '…';

    /// <param name="width">The columns of the terminal; 0 means no limit.</param>
    /// <param name="expendable">The columns that a narrow terminal leaves out, the least important
    /// first.</param>
    /// <param name="colours">Whether cells have their colours.</param>
    public static void Write(
        TextWriter writer,
        string[]? heading,
        IEnumerable<TableCell[]> rows,
        int width,
        IReadOnlyList<int>? expendable = null,
        bool colours = false
    )
    {
        var widths = new List<int>();
        foreach (var row in rows)
            Widen(widths, row);
        var empty = widths.ConvertAll(static length => length == 0);
        if (heading is not null)
            Widen(widths, Array.ConvertAll(heading, TableCell.Of));
        var fitted = TableFit.Widths(widths, empty, expendable ?? [], width);
        if (heading is not null)
            WriteRow(writer, Array.ConvertAll(heading, TableCell.Of), fitted, width, false);
        foreach (var row in rows)
            WriteRow(writer, row, fitted, width, colours);
    }

    private static void Widen(List<int> widths, TableCell[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var length = OneLine(row[i].Text).Length;
            if (i == widths.Count)
                widths.Add(length);
            else
                widths[i] = Math.Max(widths[i], length);
        }
    }

    private static void WriteRow(
        TextWriter writer,
        TableCell[] row,
        int[] widths,
        int width,
        bool colours
    )
    {
        var last = row.Length - 1;
        while (last >= 0 && (widths[last] == 0 || OneLine(row[last].Text).TrimEnd(' ').Length == 0))
            last--;
        var used = 0;
        for (var i = 0; i <= last; i++)
        {
            var room = width > 1 ? Math.Min(widths[i], width - used) : widths[i];
            if (room <= 0)
                continue;
            var text = Shorten(OneLine(row[i].Text), room);
            if (i == last)
                text = text.TrimEnd(' ');
            Write(writer, text, colours ? row[i].Colour : CellColour.Plain);
            used += text.Length;
            if (i == last)
                break;
            var gap = widths[i] - text.Length + TableFit.Gap;
            writer.Write(new string(' ', gap));
            used += gap;
        }
        writer.Write('\n');
    }

    private static void Write(TextWriter writer, string text, CellColour colour)
    {
        if (colour == CellColour.Plain || writer is not VisibleWriter terminal)
        {
            writer.Write(text);
            return;
        }
        terminal.WriteControl($"\u001b[{(int)colour}m");
        writer.Write(text);
        terminal.WriteControl("\u001b[0m");
    }

    private static string Shorten(string text, int room)
    {
        if (text.Length <= room)
            return text;
        var end = room - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + Cut;
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
