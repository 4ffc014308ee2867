using System.Globalization;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>Parses and formats the numbers, durations and sizes of settings.</summary>
internal static class SettingText
{
    private static readonly (string Suffix, double Milliseconds)[] Durations =
    [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    private static readonly (string Suffix, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("TiB", 1L << 40),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
        ("", 1),
    ];

    public static int? Count(string text, int least, int most) =>
        int.TryParse(
            text,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number >= least
        && number <= most
            ? number
            : null;

    public static TimeSpan? Duration(string text)
    {
        foreach (var (suffix, milliseconds) in Durations)
            if (NumberBefore(text, suffix) is { } number && number * milliseconds < 1e12)
                return TimeSpan.FromMilliseconds(number * milliseconds);
        return null;
    }

    public static long? Size(string text)
    {
        foreach (var (suffix, bytes) in Sizes)
            if (NumberBefore(text, suffix) is { } number && number * bytes < 1e18)
                return (long)(number * bytes);
        return null;
    }

    /// <summary>Formats a size so that it parses back to the same value.</summary>
    public static string OfSize(long size)
    {
        var unit = Sizes.Where(unit => size % unit.Bytes == 0).MaxBy(unit => unit.Bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{size / unit.Bytes}{unit.Suffix}");
    }

    /// <summary>Formats a duration so that it parses back to the same value, to the
    /// millisecond.</summary>
    public static string OfDuration(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        var unit = Durations.Last(unit => milliseconds % unit.Milliseconds == 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds / unit.Milliseconds}{unit.Suffix}"
        );
    }

    private static double? NumberBefore(string text, string suffix) =>
        text.EndsWith(suffix, StringComparison.Ordinal)
        && double.TryParse(
            text.AsSpan(0, text.Length - suffix.Length).TrimEnd(),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
