namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>A row of numbers as bars of blocks.</summary>
internal static class Spark
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>One line: the newest numbers, one a column, the newest at the right. Where there
    /// are none yet it stays blank.</summary>
    /// <param name="most">The number of a full block; 0: the largest shown.</param>
    public static void Paint(
        Canvas canvas,
        int x,
        int y,
        int width,
        IReadOnlyList<double> numbers,
        Style style,
        double most = 0,
        int window = 0
    ) => Paint(canvas.Part(x, y, width, 1), numbers, style, most, window);

    /// <summary>Bars over the whole height.</summary>
    /// <param name="window">How many of the newest numbers are to be seen: those that share a
    /// column show the largest of them; 0: one number a column.</param>
    public static void Paint(
        Canvas canvas,
        IReadOnlyList<double> numbers,
        Style style,
        double most = 0,
        int window = 0
    )
    {
        var columns = Columns(numbers, canvas.Width, window);
        if (most <= 0)
            foreach (var column in columns)
                most = Math.Max(most, column ?? 0);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is not { } number)
                continue;
            var eighths = most <= 0 ? 0 : (int)Math.Round(number / most * canvas.Height * 8);
            PaintBar(canvas, i, Math.Clamp(eighths, 1, canvas.Height * 8), style);
        }
    }

    private static void PaintBar(Canvas canvas, int x, int eighths, Style style)
    {
        for (var y = canvas.Height - 1; y >= 0 && eighths > 0; y--, eighths -= 8)
            canvas.Put(x, y, Blocks[Math.Min(eighths, 8) - 1], style);
    }

    // Null: no number there yet.
    private static double?[] Columns(IReadOnlyList<double> numbers, int width, int window)
    {
        var columns = new double?[Math.Max(0, width)];
        var each = window > 0 ? Math.Max(1, (window + width - 1) / Math.Max(1, width)) : 1;
        for (var i = 0; i < columns.Length; i++)
        {
            var end = numbers.Count - (columns.Length - 1 - i) * each;
            for (var n = Math.Max(0, end - each); n < end; n++)
                columns[i] = Math.Max(columns[i] ?? 0, numbers[n]);
        }
        return columns;
    }
}
