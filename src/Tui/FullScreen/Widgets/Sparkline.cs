namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>A bar chart of numbers, drawn with block characters.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Paints one line of the newest numbers, one per column, the newest at the right.
    /// Columns without a number stay blank.</summary>
    /// <param name="max">The number drawn as a full block; 0: the largest shown.</param>
    public static void Paint(
        Canvas canvas,
        int x,
        int y,
        int width,
        IReadOnlyList<double> numbers,
        Style style,
        double max = 0,
        int count = 0
    ) => Paint(canvas.Part(x, y, width, 1), numbers, style, max, count);

    /// <summary>Paints bars over the whole height.</summary>
    /// <param name="count">The number of newest numbers to show; a column that covers several
    /// shows the largest. 0: one number per column.</param>
    public static void Paint(
        Canvas canvas,
        IReadOnlyList<double> numbers,
        Style style,
        double max = 0,
        int count = 0
    )
    {
        var columns = Columns(numbers, canvas.Width, count);
        if (max <= 0)
            foreach (var column in columns)
                max = Math.Max(max, column ?? 0);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is not { } number)
                continue;
            var eighths = max <= 0 ? 0 : (int)Math.Round(number / max * canvas.Height * 8);
            PaintBar(canvas, i, Math.Clamp(eighths, 1, canvas.Height * 8), style);
        }
    }

    private static void PaintBar(Canvas canvas, int x, int eighths, Style style)
    {
        for (var y = canvas.Height - 1; y >= 0 && eighths > 0; y--, eighths -= 8)
            canvas.Put(x, y, Blocks[Math.Min(eighths, 8) - 1], style);
    }

    // Null: no number.
    private static double?[] Columns(IReadOnlyList<double> numbers, int width, int count)
    {
        var columns = new double?[Math.Max(0, width)];
        var each = count > 0 ? Math.Max(1, (count + width - 1) / Math.Max(1, width)) : 1;
        for (var i = 0; i < columns.Length; i++)
        {
            var end = numbers.Count - (columns.Length - 1 - i) * each;
            for (var n = Math.Max(0, end - each); n < end; n++)
                columns[i] = Math.Max(columns[i] ?? 0, numbers[n]);
        }
        return columns;
    }
}
