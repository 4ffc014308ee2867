using System.Globalization;

namespace JobCloud.Protocol.Text;

/// <summary>Parses and formats durations: <c>90s</c>, <c>1h30m</c>, <c>2d</c>,
/// <c>500ms</c>.</summary>
public static class Durations
{
    private static readonly (string Name, string Word, long Milliseconds)[] Units =
    [
        ("d", "d", 86_400_000),
        ("h", "h", 3_600_000),
        ("m", "min", 60_000),
        ("s", "s", 1_000),
        ("ms", "ms", 1),
    ];

    // The maximum of a TimeSpan in whole milliseconds.
    private const decimal Longest = 922_337_203_685_477;

    /// <summary>Parses a duration, 0 or more, to the millisecond.</summary>
    /// <param name="bare">The unit of a number without one; null: a unit is required.</param>
    public static Parsed<TimeSpan> Parse(string text, TimeSpan? bare = null)
    {
        var total = 0m;
        var at = 0;
        while (at < text.Length)
        {
            var number = at;
            while (number < text.Length && (char.IsAsciiDigit(text[number]) || text[number] == '.'))
                number++;
            var unit = number;
            while (unit < text.Length && char.IsAsciiLetter(text[unit]))
                unit++;
            var milliseconds = UnitOf(text[number..unit]);
            if (number == unit && at == 0 && unit == text.Length && !text.Contains('.'))
                milliseconds = bare?.TotalMilliseconds;
            if (milliseconds is null || !TryNumber(text[at..number], out var count))
                return Bad(text, bare is not null);
            total += Math.Min(count, Longest) * (decimal)milliseconds.Value;
            if (total > Longest)
                return new TextError(0, text.Length, $"'{text}' is too long.");
            at = unit;
        }
        return text.Length > 0
            ? TimeSpan.FromTicks((long)total * TimeSpan.TicksPerMillisecond)
            : Bad(text, bare is not null);
    }

    /// <summary>Formats exactly to the millisecond, so that parsing restores it:
    /// <c>1h30m</c>.</summary>
    public static string Print(TimeSpan duration) => Print(duration, "", u => u.Name);

    /// <summary>Formats for sentences: <c>1 h 30 min</c>.</summary>
    public static string Words(TimeSpan duration) => Print(duration, " ", u => " " + u.Word);

    private static string Print(
        TimeSpan duration,
        string between,
        Func<(string Name, string Word, long Milliseconds), string> unitText
    )
    {
        var left = Math.Max(0, duration.Ticks / TimeSpan.TicksPerMillisecond);
        var parts = new List<string>();
        foreach (var unit in Units)
        {
            var count = left / unit.Milliseconds;
            left -= count * unit.Milliseconds;
            if (count > 0)
                parts.Add(count.ToString(CultureInfo.InvariantCulture) + unitText(unit));
        }
        return parts.Count > 0 ? string.Join(between, parts) : "0" + unitText(Units[3]);
    }

    private static double? UnitOf(string name)
    {
        foreach (var unit in Units)
        {
            if (name == unit.Name || name == unit.Word)
                return unit.Milliseconds;
        }
        return null;
    }

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out number
        );

    private static TextError Bad(string text, bool bare)
    {
        var plain = bare ? "a whole number or " : "";
        return new(
            0,
            text.Length,
            $"'{text}' is not a duration; use {plain}units, such as 90s, 1h30m or 2d."
        );
    }
}
