using JobCloud.Protocol.Past;

namespace JobCloud.Protocol.Tests.Past;

public sealed class ActivityPeriodTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(3_600, null, 60, 60)]
    [InlineData(30, null, 1, 30)]
    [InlineData(3_600, 600, 600, 6)]
    [InlineData(601, 600, 600, 2)]
    public void A_period_is_cut_into_spans_that_cover_it(
        long seconds,
        int? span,
        long length,
        int spans
    )
    {
        var read = ActivityPeriod.Read(
            5,
            5 + seconds * Second,
            span is { } given ? TimeSpan.FromSeconds(given) : null
        );
        var request = read.Value!;
        Assert.Equal((5, length * Second, spans), (request.From, request.SpanUs, request.Spans));
        Assert.Null(ActivityFold.Check(request));
    }

    [Theory]
    [InlineData(0, null, "The period is empty: until must be later than since.")]
    [InlineData(60, 0.5, "A span has at least one second.")]
    [InlineData(
        2_000,
        1.0,
        "The period has 2000 spans, but at most 1000 are counted: give a longer span."
    )]
    public void A_period_that_cannot_be_cut_is_refused(long seconds, double? span, string problem)
    {
        var read = ActivityPeriod.Read(
            5,
            5 + seconds * Second,
            span is { } given ? TimeSpan.FromSeconds(given) : null
        );
        Assert.Equal(problem, read.Error?.Message);
    }
}
