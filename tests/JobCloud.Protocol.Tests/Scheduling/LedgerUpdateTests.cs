using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests how segment updates and time change the ledger.</summary>
public sealed class LedgerUpdateTests
{
    private const long Second = 1_000_000;
    private const long Now = 1_000 * Second;

    private static readonly SchedulingLimits Limits = SchedulingPolicy.Default.Limits;

    [Fact]
    public void Assignments_do_not_cross_segments()
    {
        var plan = ClusterScenario.Nodes(2_000).Job(count: 2_000).Solve();
        Assert.Equal(
            [(1L, 1_023), (1_024L, 977)],
            plan.Assignments.Select(a => (a.First, a.Count)).Order()
        );
    }

    [Fact]
    public void Consecutive_jobs_of_several_submissions_are_one_assignment()
    {
        var plan = ClusterScenario.Nodes(8).Job(count: 2).Job(count: 2).Solve();
        var assignment = Assert.Single(plan.Assignments);
        Assert.Equal((1L, 4), (assignment.First, assignment.Count));
    }

    [Fact]
    public void A_full_update_replaces_the_queue()
    {
        var ledger = new Ledger();
        ledger.Apply(Runnable(1, 1_023), Now);
        var update = Runnable(5, 2);
        update.Full = true;
        ledger.Apply(update, Now);
        var range = Assert.Single(ledger.QueuedIn(0));
        Assert.Equal((5L, 2), (range.First, range.Count));
    }

    [Fact]
    public void Repeated_jobs_are_queued_once()
    {
        var ledger = new Ledger();
        ledger.Apply(Runnable(1, 9), Now);
        ledger.Apply(Runnable(1, 9), Now);
        Assert.Equal(9, ledger.Shapes.Single().Queued);
        Assert.Single(ledger.QueuedIn(0));
    }

    [Fact]
    public void An_active_job_is_no_longer_queued()
    {
        var ledger = new Ledger();
        ledger.Apply(Runnable(1, 2), Now);
        ledger.Apply(Active(1), Now);
        Assert.Null(ledger.Queued(new Jid(1)));
        Assert.NotNull(ledger.Queued(new Jid(2)));
        Assert.Equal("n1", ledger.NodeOf(new Jid(1))?.Name);
    }

    [Fact]
    public void An_assignment_that_a_full_update_contradicts_is_dropped()
    {
        var cloud = ClusterScenario.Nodes(4).Job();
        cloud.Solve();
        Assert.Equal(1, cloud.Ledger.Node("n1")!.CoresHeld);
        cloud.Ledger.Apply(new SegmentUpdate { Full = true }, cloud.Now);
        Assert.Null(cloud.Ledger.NodeOf(new Jid(1)));
        Assert.Equal(0, cloud.Ledger.Node("n1")!.CoresHeld);
    }

    [Fact]
    public void Withdrawing_a_range_cancels_all_its_assignments()
    {
        var cloud = ClusterScenario.Nodes(4).Job(count: 4);
        cloud.Solve();
        cloud.Ledger.Apply(
            new SegmentUpdate
            {
                Withdrawn =
                {
                    new JidRange { First = 1, Last = 3 },
                },
            },
            cloud.Now
        );
        Assert.Equal(1, cloud.Ledger.Node("n1")!.CoresHeld);
        Assert.Equal("n1", cloud.Ledger.NodeOf(new Jid(4))?.Name);
    }

    [Fact]
    public void A_failure_counts_until_its_job_is_queued_or_active_again_or_replaced()
    {
        var cloud = ClusterScenario.Nodes(2).Job(count: 3, maxFails: 3);
        cloud.Run();
        var map = cloud.Ledger.Maps.Single();
        cloud.End(1, Status.Error);
        Assert.Equal(1, map.Failures);
        cloud.Requeue(1);
        Assert.Equal(0, map.Failures);
        cloud.Run();
        cloud.End(1, Status.Error);
        cloud.Jobs[1].Node = "n1";
        cloud.Active(1, started: true);
        Assert.Equal(0, map.Failures);
        cloud.End(1, Status.Error);
        Assert.Equal(1, map.Failures);
        var update = cloud.Full(0);
        update.Failed.Clear();
        cloud.Ledger.Apply(update, cloud.Now);
        Assert.Equal(0, map.Failures);
    }

    [Fact]
    public void Attempts_and_ends_of_another_segment_are_errors()
    {
        var ledger = new Ledger();
        var active = Active(1_024);
        Assert.Throws<ArgumentException>(() => ledger.Apply(active, Now));
        var ended = new SegmentUpdate { Ended = { new EndedAttempt { Jid = 1_024 } } };
        Assert.Throws<ArgumentException>(() => ledger.Apply(ended, Now));
    }

    [Fact]
    public void A_silent_segment_is_asked_again_after_each_period()
    {
        var ledger = new Ledger();
        ledger.Expect(7, Now);
        ledger.Expect(8, Now + Second);
        Assert.Equal(Now + Limits.Confirm, Solve(ledger, Now).NextRoundAt);
        Assert.Empty(Solve(ledger, Now + Limits.Confirm - 1).SegmentsToAsk);
        var plan = Solve(ledger, Now + Limits.Confirm);
        Assert.Equal([7L], plan.SegmentsToAsk);
        Assert.Equal(Now + Second + Limits.Confirm, plan.NextRoundAt);
        Assert.Equal([8L], Solve(ledger, Now + Second + Limits.Confirm).SegmentsToAsk);
        Assert.Equal([7L], Solve(ledger, Now + 2 * Limits.Confirm).SegmentsToAsk);
    }

    [Fact]
    public void A_node_that_never_reports_counts_as_an_unplanned_loss_after_the_limit()
    {
        var ledger = new Ledger();
        ledger.Apply(Active(1), Now);
        Assert.Equal(Now + Limits.Absent, Solve(ledger, Now).NextRoundAt);
        Assert.Empty(Solve(ledger, Now + Limits.Absent - 1).Notices);
        var plan = Solve(ledger, Now + Limits.Absent);
        var changed = Assert.Single(plan.Notices).Changed;
        Assert.Equal(("n1", true, false), (changed.Node, changed.Gone, changed.Planned));
        Assert.Null(plan.NextRoundAt);
    }

    [Fact]
    public void Jobs_announced_again_are_queued_after_an_unconfirmed_assignment()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 5);
        cloud.Solve();
        cloud.Ledger.Apply(Runnable(1, 5), cloud.Now);
        var range = Assert.Single(cloud.Ledger.QueuedIn(0));
        Assert.Equal((2L, 4), (range.First, range.Count));
    }

    [Fact]
    public void A_withdrawn_range_is_no_longer_queued()
    {
        var ledger = new Ledger();
        ledger.Apply(Runnable(1, 9), Now);
        ledger.Apply(
            new SegmentUpdate
            {
                Withdrawn =
                {
                    new JidRange { First = 2, Last = 4 },
                },
            },
            Now
        );
        Assert.Equal(
            [(1L, 1), (5L, 5)],
            ledger.QueuedIn(0).Select(range => (range.First, range.Count))
        );
    }

    [Fact]
    public void Jobs_announced_again_are_queued_around_an_unconfirmed_assignment()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 5).Requeue(3, w => w.Priority = 1);
        cloud.Solve();
        Assert.Equal("n1", cloud.Ledger.NodeOf(new Jid(3))?.Name);
        cloud.Ledger.Apply(Runnable(1, 5), cloud.Now);
        Assert.Equal(
            [(1L, 2), (4L, 2)],
            cloud.Ledger.QueuedIn(0).Select(range => (range.First, range.Count))
        );
        Assert.Equal("n1", cloud.Ledger.NodeOf(new Jid(3))?.Name);
    }

    [Fact]
    public void Requeuing_a_job_removes_only_its_own_failure_from_the_count()
    {
        var ledger = new Ledger();
        var failed = new FailedJobs
        {
            SubmissionFirst = 1,
            MaxFails = 9,
            Jobs =
            {
                new JidRange { First = 1, Last = 4 },
            },
        };
        ledger.Apply(new SegmentUpdate { Failed = { failed } }, Now);
        Assert.Equal(4, ledger.Maps.Single().Failures);
        var again = Runnable(2, 2);
        (again.Runnable[0].SubmissionFirst, again.Runnable[0].MaxFails) = (1, 9);
        ledger.Apply(again, Now);
        Assert.Equal(2, ledger.Maps.Single().Failures);
        Assert.Equal(int.MaxValue, ledger.Maps.Single().Allowance);
    }

    [Fact]
    public void An_attempt_confirmed_for_another_owner_or_memory_is_counted_there()
    {
        var cloud = ClusterScenario.Nodes(4).Job(2, memory: 5);
        var ann = cloud.Ledger.Shapes.Single().Demand.Owner;
        cloud.Run();
        cloud.Jobs[1].Wants.MemoryBytes = 7;
        cloud.Active(1, started: false);
        Assert.Equal(7, cloud.Ledger.Node("n1")!.MemoryHeld);
        Assert.Equal(2, ann.CoresInUse);
        cloud.Jobs[1].Wants.Owner = "bob";
        cloud.Active(1, started: false);
        Assert.Equal(0, ann.CoresInUse);
        Assert.Equal(2, cloud.Ledger.Node("n1")!.CoresHeld);
    }

    private static Plan Solve(Ledger ledger, long now) =>
        Scheduler.Solve(ledger, SchedulingPolicy.Default, now);

    private static SegmentUpdate Runnable(long first, int count) =>
        new()
        {
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

    private static SegmentUpdate Active(long jid) =>
        new()
        {
            Active =
            {
                new ActiveAttempt
                {
                    Jid = jid,
                    Attempt = 1,
                    Node = "n1",
                    Cores = 1,
                },
            },
        };
}
