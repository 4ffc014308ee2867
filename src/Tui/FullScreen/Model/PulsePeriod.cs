using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A period that the pulse shows: the last seconds as they were sampled, or spans of a
/// past time as the cloud counts them.</summary>
/// <param name="Name">As in <c>last 1 h</c>.</param>
/// <param name="Short">As in <c>-1h</c>.</param>
/// <param name="SpanUs">The length of a span; 0: sampled once per second.</param>
/// <param name="Count">The number of spans, or of samples.</param>
/// <param name="Unit">As in <c>12 /min</c>.</param>
internal sealed record PulsePeriod(string Name, string Short, long SpanUs, int Count, string Unit)
{
    private const long Minute = 60_000_000;

    public static IReadOnlyList<PulsePeriod> All { get; } =
    [
        new("1 min", "1m", 0, 60, "/s"),
        new("5 min", "5m", 0, 300, "/s"),
        new("10 min", "10m", 0, PulseSampler.Kept, "/s"),
        new("1 h", "1h", Minute, 60, "/min"),
        new("1 day", "24h", 15 * Minute, 96, "/15 min"),
        new("1 week", "7d", 120 * Minute, 84, "/2 h"),
    ];

    /// <summary>The place of the hour, which is shown first.</summary>
    public const int Hour = 3;

    public bool IsLive => SpanUs == 0;

    /// <summary>The spans that end with the one of an instant. They begin at full minutes or
    /// hours, so that they are the same at each request.</summary>
    public ActivityRequest Until(long instant)
    {
        var last = instant / SpanUs * SpanUs;
        return new ActivityRequest
        {
            From = Math.Max(0, last - (Count - 1) * SpanUs),
            SpanUs = SpanUs,
            Spans = Count,
        };
    }
}
