namespace JobCloud.Testing;

/// <summary>Tables of generated pages.</summary>
public static class MarkdownTable
{
    /// <summary>A table that ends with a newline.</summary>
    /// <param name="titles">One for each column.</param>
    public static string Of(string[] titles, IEnumerable<string[]> rows) =>
        Line(titles)
        + $"|{string.Concat(titles.Select(_ => "---|"))}\n"
        + string.Concat(rows.Select(row => Line([.. row.Select(Escaped)])));

    private static string Line(string[] cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string Escaped(string cell) => cell.Replace("|", "\\|");
}
