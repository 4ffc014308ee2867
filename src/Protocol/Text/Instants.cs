using System.Globalization;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Text;

/// <summary>Parses and formats instants, µs since 1970-01-01T00:00Z, as ISO 8601.</summary>
public static class Instants
{
    private const DateTimeStyles NoOffsetGiven = DateTimeStyles.AssumeUniversal;

    private static readonly string[] WithOffset =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
    ];

    private static readonly string[] WithoutOffset =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFF",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd HH:mm:ss.FFFFFF",
        "yyyy-MM-dd HH:mm",
    ];

    /// <summary>Formats exactly to the µs: <c>2026-11-22T15:04:05.123456+01:00</c>, with Z for
    /// offset zero.</summary>
    public static string Print(long micros, TimeSpan offset)
    {
        var local = Local(micros, offset);
        var zone = local.Offset == TimeSpan.Zero ? "'Z'" : "zzz";
        return local.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff" + zone, CultureInfo.InvariantCulture);
    }

    /// <summary>Formats for tables: <c>2026-11-22 15:04:05</c>.</summary>
    public static string Short(long micros, TimeSpan offset) =>
        Local(micros, offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Formats for people: <c>15:04:05</c> today, else <c>11-22 15:04</c>, in another year
    /// <c>2026-11-22</c>.</summary>
    public static string Brief(long micros, long now, TimeSpan offset)
    {
        var (local, today) = (Local(micros, offset), Local(now, offset));
        var form =
            local.Date == today.Date ? "HH:mm:ss"
            : local.Year == today.Year ? "MM-dd HH:mm"
            : "yyyy-MM-dd";
        return local.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>Formats for logs: <c>2026-11-22 15:04:05.123</c>.</summary>
    public static string Log(long micros, TimeSpan offset) =>
        Local(micros, offset).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>Parses a date, a date and time, or a duration before now: <c>2h</c>.</summary>
    /// <param name="offset">The UTC offset of a text without one.</param>
    public static Parsed<long> Parse(string text, long now, TimeSpan offset)
    {
        var culture = CultureInfo.InvariantCulture;
        const DateTimeStyles none = DateTimeStyles.None;
        if (
            DateTimeOffset.TryParseExact(text, WithoutOffset, culture, NoOffsetGiven, out var local)
        )
            return local.ToMicroseconds() - offset.ToMicroseconds();
        if (DateTimeOffset.TryParseExact(text, WithOffset, culture, none, out var instant))
            return instant.ToMicroseconds();
        if (Durations.Parse(text) is { Ok: true } ago)
            return now - ago.Value.ToMicroseconds();
        return new TextError(
            0,
            text.Length,
            $"'{text}' is not a time; use one such as 2026-11-22T15:04, or 2h for two hours ago."
        );
    }

    // Clamps instants outside of the calendar to its first or last day.
    private static DateTimeOffset Local(long micros, TimeSpan offset)
    {
        var least = DateTimeOffset.MinValue.AddDays(1);
        var most = DateTimeOffset.MaxValue.AddDays(-1);
        var clamped = Math.Clamp(micros, least.ToMicroseconds(), most.ToMicroseconds());
        return Microseconds.ToInstant(clamped).ToOffset(offset);
    }
}
