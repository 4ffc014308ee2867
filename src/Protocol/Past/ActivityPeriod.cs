using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Past;

/// <summary>Cuts a period of time into spans.</summary>
public static class ActivityPeriod
{
    private const int DefaultSpans = 60;

    /// <summary>The request for a period; its last span may end later.</summary>
    /// <param name="since">The start, in µs.</param>
    /// <param name="span">The length of a span; null: a sixtieth of the period.</param>
    public static Parsed<ActivityRequest> Read(long since, long until, TimeSpan? span)
    {
        if (until <= since)
            return new TextError(0, 0, "The period is empty: until must be later than since.");
        var length = Math.Max(
            ActivityFold.MinSpan,
            span is { } given
                ? given.Ticks / TimeSpan.TicksPerMicrosecond
                : Ceiling(until - since, DefaultSpans)
        );
        if (span is { } shorter && shorter.Ticks / TimeSpan.TicksPerMicrosecond < length)
            return new TextError(0, 0, "A span has at least one second.");
        var spans = Ceiling(until - since, length);
        if (spans > ActivityFold.MaxSpans)
            return new TextError(
                0,
                0,
                $"The period has {spans} spans, but at most {ActivityFold.MaxSpans} are counted: "
                    + "give a longer span."
            );
        return new ActivityRequest
        {
            From = since,
            SpanUs = length,
            Spans = (int)spans,
        };
    }

    private static long Ceiling(long number, long by) => (number - 1) / by + 1;
}
