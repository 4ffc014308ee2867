using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A plot with heading, scale and time axis, as rows of text.</summary>
internal static class PlotPanel
{
    private const int ScaleWidth = 9;

    // A limit that is more times the peak is not drawn: the values could not be seen.
    private const int LimitRatio = 4;

    /// <summary>The plot; a series that is flat, or not measured, takes one row.</summary>
    /// <param name="height">The total height: the heading, the peak mark and the axis take a row
    /// each.</param>
    /// <param name="offset">The offset of the displayed times from UTC.</param>
    /// <param name="cursor">The column of the instant shown in the heading; null: the
    /// newest.</param>
    public static IReadOnlyList<string> Rows(
        TimelineSeries series,
        long from,
        long until,
        int width,
        int height,
        TimeSpan offset,
        int? cursor = null,
        PlotLook look = PlotLook.Bars
    )
    {
        var plotWidth = PlotWidth(width);
        var plotHeight = Math.Max(1, height - 3);
        if (Plot.Peak(series.Points) is not { } peak || until <= from)
            return [$"{series.Name}  not measured"];
        if (series.IsFlat)
            return
            [
                $"{series.Name}  {series.Unit.Label(peak.Value)} all the time{Limit(series, peak)}",
            ];
        var isLimitNear = series.Limit <= peak.Value * LimitRatio;
        var top = series.Unit.Top(isLimitNear ? Math.Max(peak.Value, series.Limit) : peak.Value);
        var cells = Plot.Draw(
            series.Points,
            from,
            until,
            top,
            plotWidth,
            plotHeight,
            series.Limit,
            look
        );
        var at = cursor is { } column
            ? from + (until - from) * (Math.Min(column, plotWidth - 1) + 1) / plotWidth
            : long.MaxValue;
        var rows = new List<string>
        {
            Heading(series, peak, at, offset),
            Marks(cells.PeakColumn, cursor is { } c ? Math.Min(c, plotWidth - 1) : null),
        };
        for (var i = 0; i < plotHeight; i++)
        {
            var label =
                i == 0 ? series.Unit.Label(top)
                : i == plotHeight - 1 ? "0"
                : "";
            rows.Add(label.PadLeft(ScaleWidth - 1) + "┤" + cells.Rows[i]);
        }
        rows.Add(Axis(from, until, plotWidth, offset));
        return rows;
    }

    /// <summary>The width of the plot in a panel of a width.</summary>
    public static int PlotWidth(int width) => Math.Max(1, width - ScaleWidth);

    /// <summary>A row of the width of a plot, with a label at the left.</summary>
    public static string Strip(string label, string cells) =>
        label.PadRight(ScaleWidth - 1) + " " + cells;

    /// <summary>The column of the plot at a column of the panel; negative: none.</summary>
    public static int ColumnAt(int x) => x - ScaleWidth;

    // The value at an instant is that of the last sample up to then.
    private static string Heading(TimelineSeries series, PlotPoint peak, long at, TimeSpan offset)
    {
        var point = series.Points.LastOrDefault(p => p.At <= at, series.Points[0]);
        var value = double.IsNaN(point.Value) ? "not measured" : series.Unit.Label(point.Value);
        var when = at < long.MaxValue ? $" at {Clock(point.At, offset)}" : "";
        return $"{series.Name}  {value}{when}   peak {series.Unit.Label(peak.Value)} at {Clock(peak.At, offset)}{Limit(series, peak)}";
    }

    private static string Limit(TimelineSeries series, PlotPoint peak) =>
        series.Limit <= 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"   limit {series.Unit.Label(series.Limit)} ({peak.Value * 100 / series.Limit:0} %)"
            );

    private static string Marks(int peak, int? cursor)
    {
        var marks = new char[ScaleWidth + Math.Max(peak, cursor ?? 0) + 1];
        Array.Fill(marks, ' ');
        marks[ScaleWidth + Math.Max(0, peak)] = '▾';
        if (cursor is { } column)
            marks[ScaleWidth + column] = '┃';
        return new string(marks);
    }

    private static string Axis(long from, long until, int width, TimeSpan offset)
    {
        var (left, right) = (Clock(from, offset), Clock(until, offset));
        var between = Math.Max(1, width - left.Length - right.Length);
        return new string(' ', ScaleWidth) + left + new string(' ', between) + right;
    }

    // The time of day: the end of `2026-11-22 15:04:05`.
    private static string Clock(long at, TimeSpan offset) => Instants.Short(at, offset)[11..];
}
