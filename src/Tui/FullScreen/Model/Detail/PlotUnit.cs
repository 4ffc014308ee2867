using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The unit of a plot.</summary>
internal enum PlotUnit
{
    /// <summary>Cores in use; shown as a percentage of one core.</summary>
    Cores,
    Bytes,
}

/// <summary>Formats the values of a plot and chooses a readable scale.</summary>
internal static class PlotScale
{
    public static string Label(this PlotUnit unit, double value) =>
        unit == PlotUnit.Bytes
            ? Sizes.Print((long)value)
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value * 100)}%");

    /// <summary>The smallest round value that is at least the highest: 1, 2 or 5 times a power of
    /// ten, or a power of two for bytes.</summary>
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
