namespace JobCloud.Tui.Headless.Output;

/// <summary>Decides how wide the columns of a table are on a terminal.</summary>
internal static class TableFit
{
    /// <summary>Spaces between two columns.</summary>
    public const int Gap = 2;

    /// <summary>A column is cut to this width before another one is left out.</summary>
    private const int Readable = 16;

    /// <summary>No column is cut further.</summary>
    private const int Least = 8;

    /// <summary>The width of each column; 0: it is left out.</summary>
    /// <param name="natural">The width of the longest cell of each column.</param>
    /// <param name="empty">Whether a column has no value, for the first columns.</param>
    /// <param name="expendable">The columns that can be left out, the least important
    /// first.</param>
    /// <param name="width">The columns of the terminal; 0 means no limit.</param>
    public static int[] Widths(
        IReadOnlyList<int> natural,
        IReadOnlyList<bool> empty,
        IReadOnlyList<int> expendable,
        int width
    )
    {
        var widths = natural.ToArray();
        if (width <= 1)
            return widths;
        foreach (var column in expendable)
            if (column < empty.Count && empty[column])
                widths[column] = 0;
        foreach (var column in expendable)
            if (column < widths.Length && Total(widths, Readable) > width)
                widths[column] = 0;
        while (Total(widths, int.MaxValue) > width)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Least)
                break;
            var over = Total(widths, int.MaxValue) - width;
            var next = widths.Where(one => one < widths[widest]).DefaultIfEmpty(Least).Max();
            widths[widest] -= Math.Max(1, Math.Min(over, widths[widest] - Math.Max(next, Least)));
        }
        return widths;
    }

    private static int Total(int[] widths, int most)
    {
        var total = -Gap;
        foreach (var one in widths)
            if (one > 0)
                total += Math.Min(one, most) + Gap;
        return total;
    }
}
