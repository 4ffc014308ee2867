namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A row of a small table.</summary>
/// <param name="Jid">The job that Enter goes to; 0: none.</param>
/// <param name="Copied">What is copied of it; empty: its text.</param>
/// <param name="Troubled">It says that something went wrong.</param>
internal sealed record FactRow(
    IReadOnlyList<string> Cells,
    long Jid = 0,
    string Copied = "",
    bool Troubled = false
);

/// <summary>A small table, such as a job's attempts.</summary>
/// <param name="Empty">What stands there instead of no rows; a sentence.</param>
internal sealed record FactTable(
    IReadOnlyList<string> Columns,
    IReadOnlyList<FactRow> Rows,
    string Empty
)
{
    private const string Between = "  ";

    /// <summary>The heading, then the rows, padded to columns; the last one is not.</summary>
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
