using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class LedgerTests
{
    [Fact]
    public void A_million_queued_jobs_are_a_thousand_ranges()
    {
        var ledger = new Ledger();
        for (var segment = 1L; segment <= 1000; segment++)
            ledger.Apply(Runnable(segment, segment << 10, 1024), now: 1);
        var shape = Assert.Single(ledger.Shapes);
        Assert.Equal((1_024_000, 1000), (shape.Queued, shape.Ranges.Count()));
    }

    [Fact]
    public void Killing_jobs_within_a_range_splits_it()
    {
        var cloud = ClusterScenario.Nodes().Job(count: 10).Withdraw(4).Withdraw(1).Withdraw(10);
        Assert.Equal(
            [(2, 2), (5, 5)],
            cloud.Ledger.QueuedIn(0).Select(range => ((int)range.First, range.Count))
        );
    }

    [Fact]
    public void A_changed_priority_moves_a_queued_job()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 3).Requeue(3, wants => wants.Priority = 1);
        cloud.Run();
        Assert.Equal("n1", cloud.NodeOf(3));
    }

    [Fact]
    public void A_job_killed_while_pending_frees_its_node()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 2);
        cloud.Solve();
        cloud.Withdraw(1).Run();
        Assert.Equal("n1", cloud.NodeOf(2));
    }

    [Fact]
    public void An_unconfirmed_assignment_holds_until_its_segment_answers()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 2);
        var sent = cloud.Now;
        Assert.Equal(sent + cloud.Policy.Limits.Confirm, cloud.Solve().NextRoundAt);
        var plan = cloud.After(6).Solve();
        Assert.Equal((0, 0), (Assert.Single(plan.SegmentsToAsk), plan.Assignments.Count));

        cloud.Ledger.Apply(cloud.Full(0), cloud.Now);
        Assert.Null(cloud.Ledger.NodeOf(new Jid(1)));
        cloud.Run();
        Assert.Equal("n1", cloud.NodeOf(1));
    }

    [Fact]
    public void A_silent_segment_is_asked_again()
    {
        var cloud = ClusterScenario.Nodes();
        cloud.Ledger.Expect(7, cloud.Now);
        Assert.Empty(cloud.After(1).Solve().SegmentsToAsk);
        Assert.Equal([7], cloud.After(5).Solve().SegmentsToAsk);
        Assert.Equal(1, cloud.Ledger.Unanswered);
        cloud.Ledger.Apply(new SegmentUpdate { Segment = 7, Full = true }, cloud.Now);
        Assert.Equal(0, cloud.Ledger.Unanswered);
    }

    [Fact]
    public void Segments_with_attempts_get_a_notice_of_a_nodes_new_session()
    {
        var cloud = ClusterScenario.Nodes(4, 4).Job(count: 2000, maxParallel: 8);
        cloud.Run();
        var notice = Assert.Single(cloud.Offer("n2", offer => offer.Session = 2).Solve().Notices);
        Assert.Equal((0, "n2", false), (notice.Segment, notice.Changed.Node, notice.Changed.Gone));
        Assert.Empty(cloud.Offer("n2", offer => offer.Session = 2).Solve().Notices);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Segments_get_a_notice_of_a_node_that_leaves(bool planned)
    {
        var cloud = ClusterScenario.Nodes(4).Job(count: 2);
        cloud.Run();
        var plan = cloud.Lose("n1", planned).Job().Solve();
        var changed = Assert.Single(plan.Notices).Changed;
        Assert.Equal((true, planned), (changed.Gone, changed.Planned));
        Assert.Empty(plan.Assignments);
    }

    [Fact]
    public void A_lost_node_returns_with_a_new_session_but_not_with_a_late_offer()
    {
        var cloud = ClusterScenario.Nodes(4).Lose("n1").Job();
        Assert.Empty(cloud.Offer("n1", _ => { }).Solve().Assignments);
        Assert.Single(cloud.Offer("n1", offer => offer.Session = 2).Solve().Assignments);
    }

    [Fact]
    public void A_segment_that_still_uses_a_lost_node_gets_another_notice()
    {
        var cloud = ClusterScenario.Nodes(4).Job();
        cloud.Run();
        cloud.Lose("n1").Solve();
        cloud.Ledger.Apply(cloud.Full(0), cloud.Now);
        Assert.True(Assert.Single(cloud.Solve().Notices).Changed.Gone);
    }

    [Fact]
    public void A_node_that_never_sends_an_offer_is_lost()
    {
        var ledger = new Ledger();
        ledger.Apply(Active(node: "n9"), now: 1);
        Assert.Empty(Scheduler.Solve(ledger, SchedulingPolicy.Default, now: 2).Notices);
        var late = 1 + SchedulingPolicy.Default.Limits.Absent;
        var notice = Assert.Single(Scheduler.Solve(ledger, SchedulingPolicy.Default, late).Notices);
        Assert.Equal(("n9", true), (notice.Changed.Node, notice.Changed.Gone));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_new_scheduler_makes_segments_check_their_attempts(bool offerFirst)
    {
        var ledger = new Ledger();
        var offer = new NodeOffer { Node = "n1", Session = 3 };
        if (offerFirst)
            ledger.Apply(offer, now: 1);
        ledger.Apply(Active(node: "n1"), now: 1);
        if (!offerFirst)
            ledger.Apply(offer, now: 1);
        var notice = Assert.Single(
            Scheduler.Solve(ledger, SchedulingPolicy.Default, now: 2).Notices
        );
        Assert.Equal(("n1", false), (notice.Changed.Node, notice.Changed.Gone));
    }

    [Fact]
    public void A_drain_lasts_from_its_request_until_the_node_confirms_its_end()
    {
        var cloud = ClusterScenario.Nodes(4).Job();
        var drain = new Drain("n1", "ann", "disk", Since: 7, StopAt: 0);
        Assert.Equal(drain.ToNode(cloud.Now), cloud.Ledger.Drain("n1", drain, cloud.Now));
        Assert.Empty(cloud.Solve().Assignments);
        Assert.Equal(drain.ToNode(cloud.Now), cloud.Ledger.Apply(cloud.Offers["n1"], cloud.Now));

        cloud.Offer("n1", offer => (offer.Draining, offer.Drain) = (true, 7));
        Assert.Null(cloud.Ledger.Apply(cloud.Offers["n1"], cloud.Now));
        Assert.Empty(cloud.Solve().Assignments);

        cloud.Offer("n1", offer => offer.Reason = "disk");
        Assert.True(cloud.Ledger.Drain("n1", null, cloud.Now)!.Undrain);
        Assert.Empty(cloud.Solve().Assignments);
        var shown = Assert.Single(NodeViews.Of(cloud.Ledger).Nodes);
        Assert.Equal(("ready", ""), (shown.State, shown.Reason));
        cloud.Offer("n1", offer => (offer.Draining, offer.Drain) = (false, 0));
        Assert.Single(cloud.Solve().Assignments);
    }

    [Fact]
    public void An_absent_node_that_is_drained_starts_drained()
    {
        var ledger = new Ledger();
        var drain = new Drain("n1", "ann", "disk", Since: 7, StopAt: 0);
        Assert.Null(ledger.Drain("n1", drain, now: 8));
        Assert.Equal(drain.ToNode(9), ledger.Apply(new NodeOffer { Node = "n1", Session = 1 }, 9));
        var shown = Assert.Single(NodeViews.Of(ledger).Nodes);
        Assert.Equal(
            ("drained", "disk", "ann", 7L),
            (shown.State, shown.Reason, shown.DrainedBy, shown.DrainedSince)
        );
    }

    [Fact]
    public void Only_a_present_node_can_be_drained_but_an_absent_one_undrained()
    {
        var cloud = ClusterScenario.Nodes(4);
        Assert.Null(cloud.Ledger.RefusalOf(new DrainRequest { Node = "n1" }));
        Assert.NotNull(cloud.Ledger.RefusalOf(new DrainRequest { Node = "n7" }));
        Assert.NotNull(cloud.Ledger.RefusalOf(new DrainRequest { Node = "n7", Undrain = true }));
        cloud.Ledger.Drain("n1", new Drain("n1", "ann", "", 7, 0), cloud.Now);
        cloud.Lose("n1");
        Assert.NotNull(cloud.Ledger.RefusalOf(new DrainRequest { Node = "n1" }));
        Assert.Null(cloud.Ledger.RefusalOf(new DrainRequest { Node = "n1", Undrain = true }));
    }

    [Fact]
    public void A_new_scheduler_counts_earlier_failures()
    {
        var ledger = new Ledger();
        var update = Runnable(0, 2, 5);
        update.Full = true;
        update.Runnable[0].MaxFails = 1;
        update.Runnable[0].SubmissionFirst = 1;
        update.Failed.Add(
            new FailedJobs
            {
                SubmissionFirst = 1,
                MaxFails = 1,
                Jobs =
                {
                    new JidRange { First = 1, Last = 1 },
                },
            }
        );
        ledger.Apply(update, now: 1);
        Assert.Single(Scheduler.Solve(ledger, SchedulingPolicy.Default, now: 2).Kills);
    }

    [Fact]
    public void An_update_with_a_job_of_another_segment_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => new Ledger().Apply(Runnable(0, 1000, 100), now: 1));
    }

    private static SegmentUpdate Runnable(long segment, long first, int count) =>
        new()
        {
            Segment = segment,
            Runnable =
            {
                new RunnableJobs
                {
                    First = first,
                    Count = count,
                    Cores = 1,
                },
            },
        };

    private static SegmentUpdate Active(string node) =>
        new()
        {
            Full = true,
            Active =
            {
                new ActiveAttempt
                {
                    Jid = 1,
                    Node = node,
                    Cores = 1,
                },
            },
        };
}
