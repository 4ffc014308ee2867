using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Past;

namespace JobCloud.Protocol.Tests.Past;

public sealed class ActivityFoldTests
{
    private const long Second = 1_000_000;

    private static readonly ActivityRequest Window = new()
    {
        From = 100 * Second,
        SpanUs = 10 * Second,
        Spans = 5,
    };

    [Property(Arbitrary = [typeof(ActivityFoldTests)])]
    public void Each_span_counts_the_jobs_that_began_and_ended_in_it(JobLife[] lives)
    {
        var reply = Fold(lives);
        for (var span = 0; span < Window.Spans; span++)
        {
            var from = Window.From + span * Window.SpanUs;
            Assert.Equal(lives.Count(life => Is(life.Created)), reply.Submitted[span]);
            Assert.Equal(lives.Count(life => Is(life.Started)), reply.Started[span]);
            Assert.Equal(
                lives.Count(life => Is(life.Finished) && life.Status == Status.Done),
                reply.Done[span]
            );
            Assert.Equal(
                lives.Count(life => Is(life.Finished) && life.Status != Status.Done),
                reply.Failed[span]
            );

            bool Is(long at) => at >= from && at < from + Window.SpanUs;
        }
    }

    [Property(Arbitrary = [typeof(ActivityFoldTests)])]
    public void A_level_is_the_count_at_the_end_of_the_span(JobLife[] lives)
    {
        var reply = Fold(lives);
        for (var span = 0; span < Window.Spans; span++)
        {
            var end = Window.From + (span + 1) * Window.SpanUs - 1;
            Assert.Equal(
                lives.Count(life => IsIn(life.Started, life.Finished, end)),
                reply.Processing[span]
            );
            Assert.Equal(
                lives.Count(life =>
                    IsIn(life.Created, life.Started > 0 ? life.Started : life.Finished, end)
                ),
                reply.Unstarted[span]
            );
        }

        static bool IsIn(long from, long until, long at) =>
            from > 0 && from <= at && (until == 0 || until > at);
    }

    [Property(Arbitrary = [typeof(ActivityFoldTests)])]
    public void Many_jobs_of_one_life_count_as_each_of_them(JobLife life, byte jobs)
    {
        var fold = new ActivityFold(Window);
        fold.Add(life, jobs);
        Assert.Equal(Fold(Enumerable.Repeat(life, jobs)), fold.Reply());
    }

    [Fact]
    public void Jobs_are_alike_if_all_started_and_ended_in_one_span()
    {
        var fold = new ActivityFold(Window);
        Assert.True(fold.AreAlike(100 * Second, 110 * Second - 1));
        Assert.False(fold.AreAlike(100 * Second, 110 * Second));
        Assert.False(fold.AreAlike(100 * Second - 1, 100 * Second));
        Assert.False(fold.AreAlike(0, 100 * Second));
    }

    [Theory]
    [InlineData(0, 10, 0, "Ask for 1 to 1000 spans (got 0).")]
    [InlineData(0, 10, 1_001, "Ask for 1 to 1000 spans (got 1001).")]
    [InlineData(0, 0, 5, "A span has at least one second.")]
    [InlineData(0, 9_000_000_000, 5, "too long")]
    [InlineData(-1, 10, 5, "too early")]
    [InlineData(9_000_000_000, 10, 5, "too late")]
    public void Spans_that_cannot_be_counted_are_refused(
        long from,
        long seconds,
        int spans,
        string why
    ) =>
        Assert.Contains(
            why,
            ActivityFold.Check(
                new()
                {
                    From = from * Second,
                    SpanUs = seconds * Second,
                    Spans = spans,
                }
            )
        );

    /// <summary>The lives that a job can have: it may not have started, and may end
    /// without.</summary>
    public static Arbitrary<JobLife> Lives() =>
        (
            from created in Gen.Choose(1, 200)
            from queued in Gen.Choose(0, 60)
            from ran in Gen.Choose(0, 60)
            from status in Gen.Elements(Enum.GetValues<Status>()).Where(s => s != 0)
            select Of(created * Second, queued * Second, ran * Second, status)
        ).ToArbitrary();

    private static JobLife Of(long created, long queued, long ran, Status status) =>
        status switch
        {
            Status.Waiting or Status.Queued => new(created, 0, 0, status),
            Status.Processing => new(created, created + queued, 0, status),
            Status.Stalled => new(created, 0, created + queued, status),
            _ => new(created, created + queued, created + queued + ran, status),
        };

    private static ActivityReply Fold(IEnumerable<JobLife> lives)
    {
        Assert.Null(ActivityFold.Check(Window));
        var fold = new ActivityFold(Window);
        foreach (var life in lives)
            fold.Add(life);
        return fold.Reply();
    }
}
