using JobCloud.Protocol.Queries;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A column of the job table.</summary>
/// <param name="Width">0: it takes what the others leave.</param>
/// <param name="Rank">Where there is no room for all, the largest go first.</param>
/// <param name="Field">What it shows of a row, and is sorted by; null: of what a job uses.</param>
internal sealed record JobColumn(
    string Name,
    string Title,
    string Help,
    int Width,
    int Rank,
    bool Right,
    RowField? Field
);

/// <summary>The list of columns, in their order on the screen.</summary>
internal static class JobColumns
{
    /// <summary>The least columns of cells that the widening one must have before another is shown.</summary>
    private const int LeastFlexible = 18;

    /// <summary>Of one core, over the last seconds.</summary>
    public static JobColumn Cpu { get; } =
        new("cpu", "CPU", "what it uses now, 100%: one core", 5, 4, true, null);

    public static JobColumn Memory { get; } =
        new("memory", "MEM", "what it uses now", 5, 5, true, null);

    public static IReadOnlyList<JobColumn> All { get; } =
    [
        Column("jid", "JID", 11, 0),
        Column("status", "STATUS", 12, 1),
        Column("label", "LABEL", 14, 10),
        Column("command", "COMMAND", 0, 2),
        Column("node", "NODE", 8, 7),
        Column("runtime", "RUN", 5, 3, right: true),
        Cpu,
        Memory,
        Column("created", "AGE", 4, 6, right: true),
        Column("owner", "OWNER", 9, 9),
        Column("cores", "CORES", 5, 11, right: true),
        Column("priority", "PRI", 3, 12, right: true),
        Column("attempt", "TRY", 3, 13, right: true),
        Column("reason", "REASON", 26, 8),
    ];

    /// <summary>What fits into a width, of those that are wanted, with the widths they get.</summary>
    public static IReadOnlyList<(JobColumn Column, int Width)> Fit(
        IReadOnlyCollection<string> hidden,
        int width
    )
    {
        var shown = All.Where(c => !hidden.Contains(c.Name)).ToList();
        while (shown.Count > 1 && Fixed(shown) + LeastFlexible > width)
            shown.Remove(shown.Where(c => c.Width > 0).MaxBy(c => c.Rank)!);
        var rest = Math.Max(0, width - Fixed(shown));
        return [.. shown.Select(c => (c, c.Width > 0 ? c.Width : rest))];
    }

    private static int Fixed(IEnumerable<JobColumn> columns) =>
        columns.Sum(c => c.Width + (c.Width > 0 ? 2 : 0));

    private static JobColumn Column(
        string name,
        string title,
        int width,
        int rank,
        bool right = false
    )
    {
        var field = RowFields.Find(name)!;
        return new(name, title, field.Help, width, rank, right, field);
    }
}
