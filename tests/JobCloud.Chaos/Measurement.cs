using System.Globalization;

namespace JobCloud.Chaos;

/// <summary>Measured durations and their limit.</summary>
public sealed record Measurement(string What, double BarSeconds, IReadOnlyList<double> TookSeconds)
{
    public bool Holds => TookSeconds.All(took => took <= BarSeconds);

    public override string ToString()
    {
        var took = TookSeconds.Select(t => t.ToString("F2", CultureInfo.InvariantCulture));
        return $"{(Holds ? "ok    " : "MISSED")} {What}: {string.Join(" ", took)} s (bar: {BarSeconds:F0} s)";
    }
}
