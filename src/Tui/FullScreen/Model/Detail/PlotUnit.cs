using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>What a plot counts.</summary>
internal enum PlotUnit
{
    /// <summary>Cores in use; shown as percent of one.</summary>
    Cores,
    Bytes,
}

/// <summary>Values of a plot in words, and scales that are easy to read.</summary>
internal static class PlotScale
{
    public static string Label(this PlotUnit unit, double value) =>
        unit == PlotUnit.Bytes
            ? Sizes.Print((long)value)
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value * 100)}%");

    /// <summary>The least round value that is not below the highest one: 1, 2 or 5 times a power of
    /// ten, or of two for bytes.</summary>
    public static double Top(this PlotUnit unit, double highest)
    {
        if (unit == PlotUnit.Bytes)
        {
            var bytes = 1024.0;
            while (bytes < highest)
                bytes *= 2;
            return bytes;
        }
        var power = 0.01;
        while (true)
        {
            foreach (var step in (ReadOnlySpan<int>)[1, 2, 5])
                if (power * step >= highest)
                    return power * step;
            power *= 10;
        }
    }
}
