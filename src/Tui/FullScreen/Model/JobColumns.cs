using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A column of the job table.</summary>
/// <param name="Field">The field that it shows and sorts by; null: a usage column.</param>
internal sealed record JobColumn(string Name, string Help, ScreenColumn Screen, RowField? Field)
{
    public string Title => Screen.Title;
    public int Width => Screen.Width;
    public int Rank => Screen.Rank;
    public int Most => Screen.Most;
    public bool Right => Screen.Right;
}

/// <summary>The catalogue of columns, in display order.</summary>
internal static class JobColumns
{
    /// <summary>The minimum width of the flexible column; other columns are hidden to keep
    /// it.</summary>
    private const int MinFlexible = 18;

    /// <summary>The width of the flexible column beyond which the others grow.</summary>
    private const int MaxFlexible = 60;

    /// <summary>CPU use in percent of one core, over the last seconds.</summary>
    public static JobColumn Cpu { get; } =
        new("cpu", "current CPU use; 100% is one core", new(6, "CPU", 5, 4, Right: true), null);

    public static JobColumn Memory { get; } =
        new("memory", "current memory use", new(7, "MEM", 5, 5, Right: true), null);

    /// <summary>CPU use over the last minute; a full bar is all cores of the job.</summary>
    public static JobColumn Trend { get; } =
        new("trend", "CPU use over the last minute", new(7, "LAST MINUTE", 15, 14, Most: 30), null);

    public static IReadOnlyList<JobColumn> All { get; } =
    [
        .. RowFields
            .All.Where(field => field.Screen is not null)
            .Select(field => new JobColumn(field.Name, field.Help, field.Screen!, field))
            .Append(Cpu)
            .Append(Memory)
            .Append(Trend)
            .OrderBy(column => column.Screen.Place),
    ];

    /// <summary>The columns that a row has a value for; the others show its usage.</summary>
    public static IReadOnlyList<JobColumn> OfRows { get; } = [.. All.Where(c => c.Field != null)];

    /// <summary>The columns that the job table can be sorted by.</summary>
    public static IReadOnlyList<JobColumn> Sortable { get; } = [.. All.Where(c => c != Trend)];

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
        var widths = shown.ToDictionary(c => c, c => c.Width);
        foreach (var column in shown.Where(c => c.Width > 0).OrderBy(c => c.Rank))
        {
            var room = Math.Clamp(column.Most - column.Width, 0, Math.Max(0, rest - MaxFlexible));
            widths[column] += room;
            rest -= room;
        }
        return [.. shown.Select(c => (c, c.Width > 0 ? widths[c] : rest))];
    }

    private static int Fixed(IEnumerable<JobColumn> columns) =>
        columns.Sum(c => c.Width + (c.Width > 0 ? 2 : 0));
}
