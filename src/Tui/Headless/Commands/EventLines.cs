using System.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Formats events that are still to come as lines of a table: a column becomes wider with
/// its cells, and an empty cell is a dash, so that each stays in its column.</summary>
internal sealed class EventLines(OutputFormat format)
{
    private const string Gap = "  ";
    private const string Empty = "-";

    /// <summary>The usual widths: time, jids, what, by, node, attempt.</summary>
    private readonly int[] _widths = [23, 9, 16, 8, 8, 7, 0];

    public string Heading(IReadOnlyList<string> columns) => Line([.. columns]);

    public string Of(TableCell[] row) =>
        format == OutputFormat.Quiet
            ? TextTable.OneLine(row[0].Text)
            : Line(Array.ConvertAll(row, static cell => TextTable.OneLine(cell.Text)));

    public static byte[] Bytes(string line) => Encoding.UTF8.GetBytes($"{line}\n");

    private string Line(string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i].Length == 0)
                cells[i] = Empty;
            _widths[i] = Math.Max(_widths[i], i < cells.Length - 1 ? cells[i].Length : 0);
            cells[i] = cells[i].PadRight(_widths[i]);
        }
        return string.Join(Gap, cells).TrimEnd(' ');
    }
}
