using System.Globalization;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>Formats durations in at most five columns: <c>12s</c>, <c>4m07</c>, <c>1h02</c>,
/// <c>2d03</c>.</summary>
internal static class Ages
{
    public static string Print(TimeSpan length)
    {
        var seconds = Math.Max(0, (long)length.TotalSeconds);
        return seconds switch
        {
            < 60 => Invariant($"{seconds}s"),
            < 3_600 => Invariant($"{seconds / 60}m{seconds % 60:00}"),
            < 86_400 => Invariant($"{seconds / 3_600}h{seconds / 60 % 60:00}"),
            < 100 * 86_400 => Invariant($"{seconds / 86_400}d{seconds / 3_600 % 24:00}"),
            _ => Invariant($"{seconds / 86_400}d"),
        };
    }

    /// <summary>Formats in one unit, so that the text rarely changes: <c>12s</c>, <c>4m</c>,
    /// <c>3h</c>, <c>2d</c>.</summary>
    public static string Coarse(TimeSpan length)
    {
        var seconds = Math.Max(0, (long)length.TotalSeconds);
        return seconds switch
        {
            < 60 => Invariant($"{seconds}s"),
            < 3_600 => Invariant($"{seconds / 60}m"),
            < 2 * 86_400 => Invariant($"{seconds / 3_600}h"),
            _ => Invariant($"{seconds / 86_400}d"),
        };
    }

    /// <summary>Formats microseconds; below ten seconds to a tenth of a second.</summary>
    public static string Print(long micros) =>
        micros < 10_000_000
            ? Invariant($"{Math.Max(0, micros) / 100_000 / 10.0:0.0}s")
            : Print(TimeSpan.FromMicroseconds(micros));

    private static string Invariant(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
