using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A plot with its heading, its scale and its time axis, as rows of text.</summary>
internal static class PlotPanel
{
    private const int ScaleWidth = 9;

    /// <param name="height">Of all of it: heading and axis take a row each, the mark of the peak one.</param>
    /// <param name="offset">From UTC, of the times shown.</param>
    public static IReadOnlyList<string> Rows(
        TimelineSeries series,
        long from,
        long until,
        int width,
        int height,
        TimeSpan offset
    )
    {
        var plotWidth = Math.Max(1, width - ScaleWidth);
        var plotHeight = Math.Max(1, height - 3);
        if (Plot.Peak(series.Points) is not { } peak || until <= from)
            return [$"{series.Name}  not measured"];
        var top = series.Unit.Top(peak.Value);
        var cells = Plot.Draw(series.Points, from, until, top, plotWidth, plotHeight);
        var rows = new List<string> { Heading(series, peak, offset), Mark(cells.PeakColumn) };
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

    private static string Heading(TimelineSeries series, PlotPoint peak, TimeSpan offset)
    {
        var now = series.Points[^1].Value;
        var last = double.IsNaN(now) ? "not measured" : series.Unit.Label(now);
        return $"{series.Name}  {last}   peak {series.Unit.Label(peak.Value)} at {Clock(peak.At, offset)}";
    }

    private static string Mark(int column) =>
        new string(' ', ScaleWidth + Math.Max(0, column)) + "▾";

    private static string Axis(long from, long until, int width, TimeSpan offset)
    {
        var (left, right) = (Clock(from, offset), Clock(until, offset));
        var between = Math.Max(1, width - left.Length - right.Length);
        return new string(' ', ScaleWidth) + left + new string(' ', between) + right;
    }

    // The time of day of `2026-11-22 15:04:05`.
    private static string Clock(long at, TimeSpan offset) => Instants.Short(at, offset)[11..];
}
