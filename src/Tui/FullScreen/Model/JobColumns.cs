using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A column of the job table.</summary>
/// <param name="Field">The field that it shows and sorts by; null: a usage column.</param>
internal sealed record JobColumn(string Name, string Help, ScreenColumn Screen, RowField? Field)
{
    public string Title => Screen.Title;
    public int Width => Screen.Width;
    public int Rank => Screen.Rank;
    public bool Right => Screen.Right;
}

/// <summary>The catalogue of columns, in display order.</summary>
internal static class JobColumns
{
    /// <summary>The minimum width of the flexible column; other columns are hidden to keep
    /// it.</summary>
    private const int MinFlexible = 18;

    /// <summary>CPU use in percent of one core, over the last seconds.</summary>
    public static JobColumn Cpu { get; } =
        new("cpu", "current CPU use; 100% is one core", new(6, "CPU", 5, 4, Right: true), null);

    public static JobColumn Memory { get; } =
        new("memory", "current memory use", new(7, "MEM", 5, 5, Right: true), null);

    public static IReadOnlyList<JobColumn> All { get; } =
    [
        .. RowFields
            .All.Where(field => field.Screen is not null)
            .Select(field => new JobColumn(field.Name, field.Help, field.Screen!, field))
            .Append(Cpu)
            .Append(Memory)
            .OrderBy(column => column.Screen.Place),
    ];

    /// <summary>The columns that are hidden until a row has a value.</summary>
    public static IReadOnlyList<string> HiddenWhileEmpty { get; } =
    [RowFields.Label.Name, RowFields.Reason.Name];

    /// <summary>The columns that fit into a width, of those not hidden, with their
    /// widths.</summary>
    public static IReadOnlyList<(JobColumn Column, int Width)> Fit(
        IReadOnlyCollection<string> hidden,
        int width
    )
    {
        var shown = All.Where(c => !hidden.Contains(c.Name)).ToList();
        while (shown.Count > 1 && Fixed(shown) + MinFlexible > width)
            shown.Remove(shown.Where(c => c.Width > 0).MaxBy(c => c.Rank)!);
        var rest = Math.Max(0, width - Fixed(shown));
        return [.. shown.Select(c => (c, c.Width > 0 ? c.Width : rest))];
    }

    private static int Fixed(IEnumerable<JobColumn> columns) =>
        columns.Sum(c => c.Width + (c.Width > 0 ? 2 : 0));
}
