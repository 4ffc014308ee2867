using JobCloud.Protocol.Queries;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A column of the job table.</summary>
/// <param name="Width">0: it takes what the others leave.</param>
/// <param name="Rank">Where there is no room for all, the largest go first.</param>
internal sealed record JobColumn(
    RowField Field,
    string Title,
    int Width,
    int Rank,
    bool Right = false
);

/// <summary>The list of columns, in their order on the screen.</summary>
internal static class JobColumns
{
    /// <summary>The least columns of cells that the widening one must have before another is shown.</summary>
    private const int LeastFlexible = 18;

    public static IReadOnlyList<JobColumn> All { get; } =
    [
        Column("jid", "JID", 11, 0),
        Column("status", "STATUS", 12, 1),
        Column("label", "LABEL", 14, 8),
        Column("command", "COMMAND", 0, 2),
        Column("node", "NODE", 8, 5),
        Column("runtime", "RUN", 5, 3, right: true),
        Column("created", "AGE", 4, 4, right: true),
        Column("owner", "OWNER", 9, 7),
        Column("cores", "CORES", 5, 9, right: true),
        Column("priority", "PRI", 3, 10, right: true),
        Column("attempt", "TRY", 3, 11, right: true),
        Column("reason", "REASON", 26, 6),
    ];

    /// <summary>What fits into a width, of those that are wanted, with the widths they get.</summary>
    public static IReadOnlyList<(JobColumn Column, int Width)> Fit(
        IReadOnlyCollection<string> hidden,
        int width
    )
    {
        var shown = All.Where(c => !hidden.Contains(c.Field.Name)).ToList();
        while (shown.Count > 1 && Fixed(shown) + LeastFlexible > width)
            shown.Remove(shown.Where(c => c.Width > 0).MaxBy(c => c.Rank)!);
        var rest = Math.Max(0, width - Fixed(shown));
        return [.. shown.Select(c => (c, c.Width > 0 ? c.Width : rest))];
    }

    private static int Fixed(IEnumerable<JobColumn> columns) =>
        columns.Sum(c => c.Width + (c.Width > 0 ? 2 : 0));

    private static JobColumn Column(
        string field,
        string title,
        int width,
        int rank,
        bool right = false
    ) => new(RowFields.Find(field)!, title, width, rank, right);
}
