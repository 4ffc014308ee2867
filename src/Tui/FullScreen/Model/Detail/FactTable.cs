using JobCloud.Protocol.Notation;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A row of a small table.</summary>
/// <param name="Jid">The job that Enter opens; 0: none.</param>
/// <param name="Copied">The text to copy; empty: the row itself.</param>
/// <param name="IsError">Whether the row reports an error.</param>
internal sealed record FactRow(
    IReadOnlyList<string> Cells,
    Jid Jid = default,
    string Copied = "",
    bool IsError = false
);

/// <summary>A small table, such as a job's attempts.</summary>
/// <param name="Empty">The sentence shown if there are no rows.</param>
internal sealed record FactTable(
    IReadOnlyList<string> Columns,
    IReadOnlyList<FactRow> Rows,
    string Empty
)
{
    private const string Between = "  ";

    /// <summary>The heading and the rows, padded to columns, except for the last column.</summary>
    public IReadOnlyList<string> Lines()
    {
        if (Rows.Count == 0)
            return [Empty];
        var widths = Columns.Select((c, i) => Math.Max(c.Length, Rows.Max(r => r.Cells[i].Length)));
        var padded = widths.ToArray();
        return [Line(Columns, padded), .. Rows.Select(r => Line(r.Cells, padded))];
    }

    private static string Line(IReadOnlyList<string> cells, int[] widths) =>
        string.Join(Between, cells.Select((c, i) => c.PadRight(widths[i]))).TrimEnd();
}
