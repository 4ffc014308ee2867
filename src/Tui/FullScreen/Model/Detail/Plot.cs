namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A value at an instant, in µs; NaN: not measured.</summary>
internal readonly record struct PlotPoint(long At, double Value);

/// <summary>A drawn plot.</summary>
/// <param name="Rows">The rows from top to bottom, each as wide as the plot.</param>
/// <param name="Peak">The highest point; null: nothing was measured.</param>
/// <param name="PeakColumn">The column of the peak; -1: none.</param>
internal sealed record PlotCells(IReadOnlyList<string> Rows, PlotPoint? Peak, int PeakColumn);

/// <summary>How values are drawn.</summary>
internal enum PlotLook
{
    /// <summary>Bars of block elements, eight steps per row.</summary>
    Bars,

    /// <summary>A line of braille dots, two columns and four steps per cell.</summary>
    Dots,
}

/// <summary>Draws values over time. A value holds until the next sample; a column with several
/// samples shows the highest, so that no peak is lost.</summary>
internal static class Plot
{
    /// <summary>A cell of the limit that no value reaches.</summary>
    public const char LimitCell = '╌';

    private const string Blocks = " ▁▂▃▄▅▆▇█";
    private const int Steps = 8;

    // The dots of a cell from the bottom, in its left and in its right column.
    private const int DotColumns = 2;
    private const int DotSteps = 4;
    private const char NoDots = '\u2800';
    private static readonly int[] Bits = [0x40, 0x04, 0x02, 0x01, 0x80, 0x20, 0x10, 0x08];

    /// <param name="points">Oldest first.</param>
    /// <param name="from">The left edge, in µs.</param>
    /// <param name="until">The right edge; later than <paramref name="from"/>.</param>
    /// <param name="top">The value at the upper edge, above 0.</param>
    /// <param name="limit">A value that gets a line; 0, or above the upper edge: none.</param>
    public static PlotCells Draw(
        IReadOnlyList<PlotPoint> points,
        long from,
        long until,
        double top,
        int width,
        int height,
        double limit = 0,
        PlotLook look = PlotLook.Bars
    )
    {
        var limitRow = limit > 0 && limit <= top ? RowOf(limit, top, height) : -1;
        var rows =
            look == PlotLook.Dots
                ? Dots(Columns(points, from, until, width * DotColumns), top, height, limitRow)
                : Bars(Columns(points, from, until, width), top, height, limitRow);
        var peak = Peak(points.Where(p => p.At >= from && p.At <= until));
        return new(rows, peak, peak is { } at ? Column(at.At, from, until, width) : -1);
    }

    private static string[] Bars(double[] columns, double top, int height, int limitRow)
    {
        var rows = new string[height];
        for (var row = 0; row < height; row++)
        {
            var floor = (height - 1 - row) * Steps;
            var blank = row == limitRow ? LimitCell : ' ';
            rows[row] = string.Create(
                columns.Length,
                (columns, floor, top, height, blank),
                static (cells, s) =>
                {
                    for (var i = 0; i < cells.Length; i++)
                    {
                        var level = Level(s.columns[i], s.top, s.height) - s.floor;
                        cells[i] = level <= 0 ? s.blank : Blocks[Math.Min(level, Steps)];
                    }
                }
            );
        }
        return rows;
    }

    // Each column reaches to the one before, so that the line has no gaps but those of the
    // samples.
    private static string[] Dots(double[] columns, double top, int height, int limitRow)
    {
        var cells = new char[height][];
        for (var row = 0; row < height; row++)
        {
            cells[row] = new char[columns.Length / DotColumns];
            Array.Fill(cells[row], row == limitRow ? LimitCell : ' ');
        }
        int? before = null;
        for (var column = 0; column < columns.Length; column++)
        {
            if (double.IsNaN(columns[column]))
            {
                before = null;
                continue;
            }
            var step = DotStep(columns[column], top, height);
            var from = before is { } old && old != step ? old + Math.Sign(step - old) : step;
            for (var dot = Math.Min(from, step); dot <= Math.Max(from, step); dot++)
            {
                ref var cell = ref cells[height - 1 - dot / DotSteps][column / DotColumns];
                var bit = Bits[column % DotColumns * DotSteps + dot % DotSteps];
                cell = (char)((cell < NoDots ? NoDots : cell) | bit);
            }
            before = step;
        }
        return Array.ConvertAll(cells, static row => new string(row));
    }

    private static int DotStep(double value, double top, int height) =>
        (int)Math.Round(Math.Clamp(value / top, 0, 1) * (height * DotSteps - 1));

    /// <summary>The highest point; the first of equals.</summary>
    public static PlotPoint? Peak(IEnumerable<PlotPoint> points)
    {
        PlotPoint? peak = null;
        foreach (var point in points)
            if (!double.IsNaN(point.Value) && (peak is not { } p || point.Value > p.Value))
                peak = point;
        return peak;
    }

    // Any positive value is at least one step high.
    private static int Level(double value, double top, int height) =>
        double.IsNaN(value) || value <= 0
            ? 0
            : Math.Clamp((int)Math.Round(value / top * height * Steps), 1, height * Steps);

    private static int RowOf(double value, double top, int height) =>
        height - 1 - (Level(value, top, height) - 1) / Steps;

    private static double[] Columns(
        IReadOnlyList<PlotPoint> points,
        long from,
        long until,
        int width
    )
    {
        var columns = new double[width];
        columns.AsSpan().Fill(double.NaN);
        PlotPoint? last = null;
        foreach (var point in points.Where(p => p.At <= until))
        {
            if (last is { } held && !double.IsNaN(point.Value))
                for (
                    var i = Math.Max(0, Column(held.At, from, until, width) + 1);
                    i < Column(point.At, from, until, width);
                    i++
                )
                    columns[i] = held.Value;
            last = point;
            if (point.At < from || double.IsNaN(point.Value))
                continue;
            ref var cell = ref columns[Column(point.At, from, until, width)];
            cell = double.IsNaN(cell) ? point.Value : Math.Max(cell, point.Value);
        }
        return columns;
    }

    private static int Column(long at, long from, long until, int width) =>
        at < from
            ? -1
            : (int)Math.Min(width - 1, (long)((double)(at - from) / (until - from) * width));
}
