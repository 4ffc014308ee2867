using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model.Forecasts;

/// <summary>How far ahead a forecast is shown.</summary>
/// <param name="Name">As in <c>next 1 h</c>.</param>
/// <param name="LengthUs">Its length in µs.</param>
internal sealed record ForecastPeriod(string Name, long LengthUs)
{
    private const long Minute = 60_000_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // The place of the hour, which is shown if nothing tells how long the jobs take.
    private const int OneHour = 3;

    public static IReadOnlyList<ForecastPeriod> All { get; } =
    [
        new("1 min", Minute),
        new("5 min", 5 * Minute),
        new("20 min", 20 * Minute),
        new("1 h", Hour),
        new("3 h", 3 * Hour),
        new("12 h", 12 * Hour),
        new("1 day", Day),
        new("3 days", 3 * Day),
        new("1 week", 7 * Day),
        new("4 weeks", 28 * Day),
        new("1 year", 366 * Day),
    ];

    /// <summary>The place of the shortest period that has all known starts and ends.</summary>
    public static int PlaceFor(ForecastReply reply)
    {
        var last = 0L;
        foreach (var bar in reply.Bars)
            last = Math.Max(last, Math.Max(bar.From, bar.To));
        if (last <= reply.At)
            return OneHour;
        var place = 0;
        while (place < All.Count - 1 && All[place].LengthUs < last - reply.At)
            place++;
        return place;
    }
}
