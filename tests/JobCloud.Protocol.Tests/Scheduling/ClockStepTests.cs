using FsCheck.Xunit;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests what a change of the wall clock must not change.</summary>
public sealed class ClockStepTests
{
    private const long Second = 1_000_000;
    private const long Hour = 3_600 * Second;

    [Property]
    public void A_retry_starts_after_at_most_its_backoff_whatever_the_wall_clock_shows(
        int step,
        byte seconds
    )
    {
        var (now, backoff) = (1_000 * Hour, (1L + seconds) * Second);
        var ledger = new Ledger();
        // The clock was set after the back-off was, and before the scheduler learned of it.
        ledger.Apply(Retry(notBefore: now + backoff, backoff), now, now + step * Second);
        Assert.InRange(ledger.Queued(new Jid(1))!.Due, now, now + backoff);
    }

    [Property]
    public void A_repeated_report_after_a_step_of_the_clock_does_not_change_a_backoff(int step)
    {
        var (now, backoff) = (1_000 * Hour, 60 * Second);
        var ledger = new Ledger();
        var report = Retry(notBefore: now + backoff, backoff);
        ledger.Apply(report, now, wall: now);
        foreach (var full in new[] { true, false, true })
        {
            report.Full = full;
            ledger.Apply(report, now + Second, wall: now + step * Second);
            Assert.Equal(now + backoff, ledger.Queued(new Jid(1))!.Due);
        }
    }

    [Property]
    public void Jobs_of_one_priority_go_in_the_order_in_which_they_came(int step, int otherStep)
    {
        var (now, ledger) = (1_000 * Hour, new Ledger());
        ledger.Apply(new SegmentUpdate { Segment = 0, Full = true }, now, now);
        ledger.Apply(new SegmentUpdate { Segment = 1, Full = true }, now, now);
        // Two nodes, each with a wall clock of its own.
        ledger.Apply(New(jid: 1_030, now + step * Second), now + 1, now);
        ledger.Apply(New(jid: 7, now + otherStep * Second), now + 2, now);

        Assert.Equal([1_030L, 7L], Order(ledger));
    }

    [Property]
    public void A_queued_job_keeps_its_place_whatever_the_wall_clock_shows(int step)
    {
        var (now, ledger) = (1_000 * Hour, new Ledger());
        ledger.Apply(new SegmentUpdate { Segment = 0, Full = true }, now, now);
        var (first, second) = (New(jid: 9, now), New(jid: 4, now + Second));
        ledger.Apply(first, now, now);
        ledger.Apply(second, now + Second, now + Second);
        var wall = now + step * Second;
        foreach (var full in new[] { false, true, true })
        {
            var again = second.Clone();
            again.Full = full;
            again.Runnable.Add(first.Runnable);
            ledger.Apply(again, now + 2 * Second, wall);
            Assert.Equal([9L, 4L], Order(ledger));
        }
    }

    [Fact]
    public void A_new_scheduler_takes_the_age_of_jobs_as_their_place()
    {
        var (now, ledger) = (1_000 * Hour, new Ledger());
        var update = New(jid: 1, now - Second);
        update.Full = true;
        update.Runnable.Add(New(jid: 2, now - Hour).Runnable);

        ledger.Apply(update, now, now);
        var retried = New(jid: 3, now - 2 * Hour);
        retried.Runnable[0].Waited = true;
        ledger.Apply(retried, now, now);

        Assert.Equal([3L, 2L, 1L], Order(ledger));
    }

    private static SegmentUpdate New(long jid, long created) =>
        new()
        {
            Segment = Segments.Of(jid),
            Runnable =
            {
                new RunnableJobs
                {
                    First = jid,
                    Count = 1,
                    SubmissionFirst = jid,
                    Cores = 1,
                    Created = created,
                },
            },
        };

    private static IEnumerable<long> Order(Ledger ledger) =>
        ledger.Shapes.SelectMany(shape => shape.Ranges).Select(range => range.First);

    [Fact]
    public void A_node_whose_clock_was_set_back_returns_with_a_lower_session()
    {
        var cloud = ClusterScenario.Nodes(4).Offer("n1", offer => offer.Session = Hour).Job();
        cloud.Offer("n1", offer => (offer.Session, offer.NotReady) = (Second, "late message"));
        Assert.Equal("", cloud.Ledger.Node("n1")!.NotReady);

        cloud
            .After(20)
            .Offer("n1", offer => (offer.Session, offer.Address) = (2 * Second, "new:1"));

        Assert.Equal("new:1", cloud.Ledger.Node("n1")!.Offer!.Address);
        cloud.Lose("n1");
        cloud.Offer("n1", offer => (offer.Session, offer.NotReady) = (Second, ""));
        Assert.True(cloud.Ledger.Node("n1")!.Accepts);
    }

    private static SegmentUpdate Retry(long notBefore, long backoff) =>
        new()
        {
            Runnable =
            {
                new RunnableJobs
                {
                    First = 1,
                    Count = 1,
                    Cores = 1,
                    NotBefore = notBefore,
                    Backoff = backoff,
                },
            },
        };
}
