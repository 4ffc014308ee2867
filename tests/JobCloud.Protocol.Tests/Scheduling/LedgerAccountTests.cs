using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests what the ledger counts for nodes, owners and maps, and for how long.</summary>
public sealed class LedgerAccountTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void An_attempt_that_another_node_confirms_moves_to_that_node()
    {
        var cloud = ClusterScenario.Nodes(4, 4).Job(3);
        cloud.Run();
        var from = cloud.Ledger.NodeOf(new Jid(1))!;
        var to = cloud.Ledger.Nodes.Single(node => node != from);
        cloud.Jobs[1].Node = to.Name;
        cloud.Active(1, started: true);
        Assert.Same(to, cloud.Ledger.NodeOf(new Jid(1)));
        Assert.Equal((0, 0, 0), (from.CoresHeld, from.Attempts, from.Processing));
        Assert.Equal((3, 1, 1), (to.CoresHeld, to.Attempts, to.Processing));
    }

    [Fact]
    public void An_attempt_confirmed_with_another_size_holds_that_size()
    {
        var cloud = ClusterScenario.Nodes(4).Job(1);
        cloud.Run();
        cloud.Jobs[1].Wants.Cores = 2;
        cloud.Active(1, started: false);
        var node = cloud.Ledger.Node("n1")!;
        Assert.Equal((2, 1), (node.CoresHeld, node.Attempts));
    }

    [Fact]
    public void A_late_assignment_does_not_stop_a_processing_attempt()
    {
        var cloud = ClusterScenario.Nodes(4).Job(2);
        cloud.Run();
        cloud.Active(1, started: true);
        cloud.Jobs[1].Started = false;
        cloud.Active(1, started: false);
        var node = cloud.Ledger.Node("n1")!;
        Assert.Equal((1, 2, 2), (node.Processing, node.CoresProcessing, node.CoresHeld));
        cloud.End(1);
        Assert.Equal((0, 0, 0), (node.Processing, node.CoresProcessing, node.CoresHeld));
    }

    [Fact]
    public void A_confirmed_assignment_is_never_in_doubt()
    {
        var cloud = ClusterScenario.Nodes(4).Job(count: 2);
        cloud.Run();
        Assert.Empty(cloud.After(60).Solve().SegmentsToAsk);
    }

    [Fact]
    public void Only_the_unconfirmed_jobs_of_an_assignment_are_in_doubt()
    {
        var cloud = ClusterScenario.Nodes(4).Job(count: 2);
        cloud.Assigned(cloud.Solve());
        cloud.Active(1, started: false);
        Assert.Equal([0L], cloud.After(60).Solve().SegmentsToAsk);
        // The segment reports everything: job 1 runs, job 2 was never assigned.
        cloud.Jobs[2].Node = "";
        cloud.Ledger.Apply(cloud.Full(0), cloud.Now);
        Assert.Equal("n1", cloud.Ledger.NodeOf(new Jid(1))?.Name);
        Assert.Null(cloud.Ledger.NodeOf(new Jid(2)));
        Assert.Equal(1, cloud.Ledger.Node("n1")!.CoresHeld);
    }

    [Fact]
    public void An_assignment_is_in_doubt_exactly_from_the_planned_time_on()
    {
        var cloud = ClusterScenario.Nodes(1).Job();
        var again = cloud.Solve().NextRoundAt!.Value;
        Assert.Empty(cloud.After((again - cloud.Now - 1) / (double)Second).Solve().SegmentsToAsk);
        Assert.Equal([0L], Scheduler.Solve(cloud.Ledger, cloud.Policy, again).SegmentsToAsk);
    }

    [Fact]
    public void An_ended_attempt_frees_the_cores_of_its_owner()
    {
        var cloud = ClusterScenario.Nodes(4).Job(2, count: 3);
        cloud.Run();
        var owner = cloud.Ledger.Shapes.Single().Demand.Owner;
        Assert.Equal(4, owner.CoresInUse);
        cloud.End(1);
        Assert.Equal(2, owner.CoresInUse);
        cloud.End(2);
        Assert.Equal(0, owner.CoresInUse);
    }

    [Fact]
    public void A_map_with_a_limit_is_forgotten_after_its_last_job()
    {
        var cloud = ClusterScenario.Nodes(2).Job(count: 3, maxParallel: 1).Job();
        Assert.Equal([1L], cloud.Ledger.Maps.Select(map => map.SubmissionFirst));
        for (var jid = 1; jid <= 3; jid++)
        {
            cloud.Run();
            Assert.Equal(1, cloud.Ledger.Maps.Single().Running);
            cloud.End(jid);
        }
        cloud.End(4).Solve();
        Assert.Empty(cloud.Ledger.Maps);
        Assert.Empty(cloud.Ledger.Shapes);
        Assert.False(cloud.Ledger.HasWork);
    }

    [Fact]
    public void A_map_is_remembered_while_one_of_its_jobs_runs()
    {
        var cloud = ClusterScenario.Nodes(1).Job(maxFails: 2);
        cloud.Run();
        cloud.After(100).Solve();
        Assert.Single(cloud.Ledger.Maps);
        cloud.End(1).Solve();
        Assert.Empty(cloud.Ledger.Maps);
    }

    [Fact]
    public void An_owner_is_one_account_while_any_of_its_jobs_is_known()
    {
        var cloud = ClusterScenario.Nodes(8).Job(1).Job(2);
        var owner = cloud.Ledger.Shapes.First().Demand.Owner;
        cloud.Run();
        cloud.End(2).Solve();
        cloud.Solve();
        cloud.Job(3);
        Assert.Same(owner, cloud.Ledger.Shapes.Single().Demand.Owner);
        Assert.Equal(1, owner.CoresInUse);
    }

    [Fact]
    public void Submissions_without_a_limit_and_with_equal_demand_share_a_shape() =>
        Assert.Single(ClusterScenario.Nodes(1).Job().Job().Ledger.Shapes);

    [Fact]
    public void A_round_is_needed_after_a_node_change_and_while_jobs_are_queued_or_maps_counted()
    {
        var cloud = ClusterScenario.Nodes(4);
        Assert.False(cloud.Ledger.HasWork);
        cloud.Job();
        Assert.True(cloud.Ledger.HasWork);
        cloud.Withdraw(1);
        Assert.False(cloud.Ledger.HasWork);
        cloud.Job();
        cloud.Run();
        Assert.False(cloud.Ledger.HasWork);
        cloud.Lose("n1");
        Assert.True(cloud.Ledger.HasWork);
        cloud.Solve();
        Assert.False(cloud.Ledger.HasWork);
        var limited = ClusterScenario.Nodes(4).Job(maxFails: 1);
        limited.Run();
        Assert.True(limited.Ledger.HasWork);
    }

    [Fact]
    public void A_shape_is_kept_while_a_retry_of_it_waits()
    {
        var cloud = ClusterScenario.Nodes(1);
        cloud.Job(notBefore: cloud.Now + Second).Solve();
        Assert.Single(cloud.Ledger.Shapes);
        cloud.After(1).Run();
        Assert.Equal("n1", cloud.NodeOf(1));
        cloud.Solve();
        Assert.Empty(cloud.Ledger.Shapes);
        cloud.Job(notBefore: cloud.Now + Second).Withdraw(2).Solve();
        Assert.Empty(cloud.Ledger.Shapes);
    }

    [Fact]
    public void A_retry_runs_at_its_time_even_if_a_later_retry_waits()
    {
        var cloud = ClusterScenario.Nodes(2);
        cloud.Job(notBefore: cloud.Now + 9 * Second).Job(notBefore: cloud.Now + Second);
        cloud.After(1).Run();
        Assert.Equal(("", "n1"), (cloud.NodeOf(1), cloud.NodeOf(2)));
    }

    [Fact]
    public void Segments_check_the_sessions_of_nodes_only_after_their_first_full_update()
    {
        var cloud = ClusterScenario.Nodes(1).Job();
        cloud.Run();
        Assert.Empty(cloud.Active(1, started: true).Solve().Notices);
        cloud.Ledger.Apply(cloud.Full(0), cloud.Now);
        Assert.Single(cloud.Solve().Notices);
        cloud.Ledger.Apply(cloud.Full(0), cloud.Now);
        Assert.Empty(cloud.Solve().Notices);
    }

    [Fact]
    public void Only_submissions_with_a_limit_are_counted_as_maps() =>
        Assert.Empty(ClusterScenario.Nodes(1).Job(count: 5).Ledger.Maps);

    [Fact]
    public void The_next_round_is_due_when_the_earliest_retry_is()
    {
        var cloud = ClusterScenario.Nodes(1);
        var (early, late) = (cloud.Now + 2 * Second, cloud.Now + 9 * Second);
        cloud.Job(notBefore: late).Job(notBefore: early);
        Assert.Equal(early, cloud.Solve().NextRoundAt);
    }

    [Fact]
    public void A_job_that_needs_all_memory_of_a_node_runs_there()
    {
        var cloud = ClusterScenario.Nodes().Node(1, memory: 100).Job(memory: 100);
        cloud.Run();
        Assert.Equal("n1", cloud.NodeOf(1));
        Assert.Equal(0, cloud.Ledger.Node("n1")!.MemoryFree);
    }

    [Fact]
    public void An_update_with_jobs_of_another_segment_is_an_error()
    {
        var ledger = new Ledger();
        Assert.Throws<ArgumentException>(() => ledger.Apply(Withdraw(1_000, 1_024), now: 1));
        Assert.Throws<ArgumentException>(() => ledger.Apply(Withdraw(1_024, 1_024), now: 1));
        Assert.Throws<ArgumentException>(() => ledger.Apply(Withdraw(5, 4), now: 1));
        ledger.Apply(Withdraw(1, 1_023), now: 1);
    }

    private static SegmentUpdate Withdraw(long first, long last) =>
        new()
        {
            Withdrawn =
            {
                new JidRange { First = first, Last = last },
            },
        };
}
