using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Scheduling.Policies;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void The_lowest_priority_number_goes_first()
    {
        var cloud = ClusterScenario.Nodes(1).Job(priority: 9).Job(priority: 5).Job(priority: 7);
        Assert.Equal([2, 3, 1], OrderOfRuns(cloud));
    }

    [Fact]
    public void Jobs_of_equal_priority_go_in_order_of_creation()
    {
        var cloud = ClusterScenario.Nodes(1).Job().After(1).Job().After(1).Job(count: 2);
        Assert.Equal([1, 2, 3, 4], OrderOfRuns(cloud));
    }

    [Fact]
    public void A_restarted_job_is_first_in_its_priority()
    {
        var cloud = ClusterScenario
            .Nodes(1)
            .Job()
            .Job(restarted: true)
            .Job(priority: 4)
            .Job(priority: 6, restarted: true);
        Assert.Equal([3, 2, 1, 4], OrderOfRuns(cloud));
    }

    [Fact]
    public void Jobs_go_to_nodes_that_support_their_isolation()
    {
        var cloud = ClusterScenario
            .Nodes(4, 4)
            .Offer("n1", offer => offer.Isolation = new() { NoSandbox = "no bubblewrap" })
            .Offer("n2", offer => offer.Isolation = new())
            .Job(count: 6, needs: NodeFeatures.Sandbox)
            .Job(count: 6);
        cloud.Run();
        Assert.Equal([1, 2, 3, 4], cloud.On("n2"));
        Assert.Equal([7, 8, 9, 10], cloud.On("n1"));
    }

    [Fact]
    public void Owners_share_cores_within_a_priority()
    {
        var cloud = ClusterScenario
            .Nodes(6)
            .Job(count: 100, owner: "ann")
            .After(1)
            .Job(count: 100, owner: "bob");
        cloud.Run();
        Assert.Equal([1, 2, 3, 101, 102, 103], cloud.On("n1"));
    }

    [Fact]
    public void Owners_share_cores_and_not_numbers_of_jobs()
    {
        var cloud = ClusterScenario
            .Nodes(6)
            .Job(3, count: 9, owner: "ann")
            .Job(1, count: 9, owner: "bob");
        cloud.Run();
        Assert.Equal([1, 10, 11, 12], cloud.On("n1"));
    }

    [Fact]
    public void Fifo_ignores_owners()
    {
        var cloud = ClusterScenario
            .Nodes(4)
            .By(SchedulingPolicy.Default with { Order = new FifoOrder() })
            .Job(count: 100, owner: "ann")
            .Job(count: 100, owner: "bob");
        cloud.Run();
        Assert.Equal([1, 2, 3, 4], cloud.On("n1"));
    }

    [Fact]
    public void Spread_balances_nodes()
    {
        var cloud = ClusterScenario.Nodes(4, 8).Job(count: 6);
        cloud.Run();
        Assert.Equal((2, 4), (cloud.On("n1").Count(), cloud.On("n2").Count()));
    }

    [Fact]
    public void Pack_fills_one_node_before_the_next()
    {
        var cloud = ClusterScenario
            .Nodes(8, 4)
            .By(SchedulingPolicy.Default with { Choice = new PackChoice() })
            .Job(count: 5);
        cloud.Run();
        Assert.Equal((1, 4), (cloud.On("n1").Count(), cloud.On("n2").Count()));
    }

    [Fact]
    public void Memory_limits_jobs_like_cores()
    {
        var cloud = ClusterScenario.Nodes().Node(8, memory: 10).Job(count: 8, memory: 4);
        cloud.Run();
        Assert.Equal([1, 2], cloud.On("n1"));
    }

    [Fact]
    public void A_map_is_assigned_in_ranges()
    {
        var plan = ClusterScenario.Nodes(512).Job(count: 5000).Solve();
        var assignment = Assert.Single(plan.Assignments);
        Assert.Equal((1, 512), (assignment.First, assignment.Count));
    }

    [Fact]
    public void A_job_that_does_not_fit_does_not_block_others()
    {
        var cloud = ClusterScenario.Nodes(4).Job(1).After(1).Job(4).After(1).Job(1);
        var plan = cloud.Run();
        Assert.Equal([1, 3], cloud.On("n1"));
        Assert.Equal(HoldReason.NoRoom, Assert.Single(plan.Holds).Reason);
    }

    [Fact]
    public void Free_capacity_comes_before_prefetch()
    {
        var cloud = ClusterScenario.Nodes().Node(2, backlog: 8).Node(2, backlog: 8).Job(count: 4);
        cloud.Run();
        Assert.Equal((2, 2), (cloud.On("n1").Count(), cloud.On("n2").Count()));
    }

    [Fact]
    public void Jobs_are_not_prefetched_behind_long_jobs()
    {
        var cloud = ClusterScenario.Nodes().Node(2, backlog: 256).Job(count: 1000);
        cloud.Run();
        cloud.After(10).End(1);
        cloud.After(10).Run();
        Assert.Equal(2, cloud.On("n1").Count());

        cloud.Node(2, backlog: 256).Run();
        Assert.Equal(2, cloud.On("n2").Count());
    }

    [Theory]
    [InlineData(256, 100)]
    [InlineData(60, 60)]
    public void A_fast_node_prefetches_a_tenth_of_a_second_of_starts(int backlog, int ahead)
    {
        var cloud = ClusterScenario.Nodes().Node(2, backlog).Job(count: 5000);
        cloud.Run();
        for (var ended = 0; ended < 400; ended++)
        {
            cloud.After(0.001).End(cloud.On("n1").First());
            cloud.Run();
        }
        Assert.InRange(cloud.On("n1").Count(), ahead * 0.9 + 2, ahead + 2);
    }

    [Fact]
    public void A_job_larger_than_a_running_one_is_not_prefetched()
    {
        var cloud = ClusterScenario.Nodes().Node(4, backlog: 8).Job(1, count: 4).After(1).Job(4);
        cloud.Run();
        Assert.Equal("", cloud.NodeOf(5));
    }

    [Fact]
    public void A_job_avoids_the_node_that_lost_it_if_there_is_another()
    {
        var cloud = ClusterScenario.Nodes(4, 2).Job(count: 3, avoid: "n1").Job(3, avoid: "n1");
        cloud.Run();
        Assert.Equal(["n2", "n2", ""], new[] { 1, 2, 3 }.Select(jid => cloud.NodeOf(jid)));
        Assert.Equal("n1", cloud.NodeOf(4));
    }

    [Fact]
    public void A_retry_waits_until_its_time_and_the_plan_contains_it()
    {
        var cloud = ClusterScenario.Nodes(4);
        var at = cloud.Now + 3_000_000;
        var plan = cloud.Job(notBefore: at).Run();
        Assert.Equal((0, at), (plan.Assignments.Count, plan.NextRoundAt));
        Assert.Equal("", cloud.NodeOf(1));

        cloud.After(3).Run();
        Assert.Equal("n1", cloud.NodeOf(1));
    }

    [Fact]
    public void A_map_runs_at_most_max_parallel_jobs()
    {
        var cloud = ClusterScenario.Nodes(8).Job(count: 9, maxParallel: 2);
        Assert.Equal(HoldReason.MaxParallel, Assert.Single(cloud.Run().Holds).Reason);
        cloud.End(1).Run();
        Assert.Equal([2, 3], cloud.On("n1"));
    }

    [Fact]
    public void The_rest_of_a_map_at_its_max_fails_is_killed()
    {
        var cloud = ClusterScenario.Nodes(3).Job(count: 1500, maxFails: 2);
        cloud.Run();
        cloud.End(1, Status.Error).Run();
        var kills = cloud.End(2, Status.Error).Solve().Kills;

        Assert.Equal([0, 1], kills.Select(kill => kill.Segment));
        Assert.All(kills, kill => Assert.Equal((1, 2), (kill.SubmissionFirst, kill.MaxFails)));
        Assert.Equal(
            [3, 4, 5, 1024],
            kills.SelectMany(kill => kill.Jobs).Select(range => range.First)
        );
        Assert.Equal(
            [3, 4, 1023, 1500],
            kills.SelectMany(kill => kill.Jobs).Select(range => range.Last)
        );
        Assert.Equal(HoldReason.MaxFails, Assert.Single(cloud.Solve().Holds).Reason);
    }

    [Fact]
    public void A_kill_without_effect_is_requested_again()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 5, maxFails: 1);
        cloud.Run();
        Assert.Single(cloud.End(1, Status.Error).Solve().Kills);
        Assert.Empty(cloud.After(1).Solve().Kills);
        Assert.Single(cloud.After(5).Solve().Kills);
    }

    [Fact]
    public void A_retried_failure_no_longer_counts()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 5, maxFails: 2);
        cloud.Run();
        cloud.End(1, Status.Error).Requeue(1);
        cloud.Run();
        Assert.Empty(cloud.End(1, Status.Error).Solve().Kills);
    }

    /// <summary>Ends the running job, one after the other; returns the order in which they
    /// ran.</summary>
    private static List<long> OrderOfRuns(ClusterScenario cloud)
    {
        var order = new List<long>();
        while (cloud.Run().Assignments.Count > 0)
        {
            var jid = cloud.On("n1").Single();
            order.Add(jid);
            cloud.End(jid);
        }
        return order;
    }
}
