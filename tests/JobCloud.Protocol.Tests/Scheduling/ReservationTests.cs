using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests the reservation of nodes for starving jobs.</summary>
public sealed class ReservationTests
{
    private const int LimitSeconds = 300;
    private const long Second = 1_000_000;

    [Fact]
    public void A_starving_job_reserves_only_one_node_over_many_rounds()
    {
        var cloud = Starving(ClusterScenario.Nodes(4, 4, 4), large: 1);
        for (var round = 0; round < 3; round++)
            cloud.Solve();
        Assert.Single(Reserved(cloud));
    }

    [Fact]
    public void The_node_with_the_most_free_cores_is_reserved()
    {
        var cloud = Starving(Unequal(), large: 1);
        Assert.Equal(["n2"], Reserved(cloud));
    }

    [Fact]
    public void A_draining_node_is_not_reserved_and_loses_its_reservation()
    {
        var cloud = Starving(Unequal(), large: 1);
        cloud.Offer("n2", offer => offer.Draining = true).Solve();
        Assert.Single(Reserved(cloud));
        Assert.DoesNotContain("n2", Reserved(cloud));
    }

    [Fact]
    public void A_node_that_shrinks_below_the_job_loses_its_reservation()
    {
        var cloud = Starving(Unequal(), large: 1);
        cloud.Offer("n2", offer => offer.Capacity = new Resources { Cores = 2 }).Solve();
        Assert.Single(Reserved(cloud));
        Assert.DoesNotContain("n2", Reserved(cloud));
    }

    [Fact]
    public void Two_starving_jobs_reserve_two_nodes()
    {
        var cloud = Starving(ClusterScenario.Nodes(4, 4, 4), large: 2);
        Assert.Equal(2, Reserved(cloud).Count);
        Assert.Equal(
            2,
            cloud.Ledger.Nodes.Select(node => node.ReservedFor).OfType<Shape>().Distinct().Count()
        );
    }

    [Fact]
    public void The_plan_contains_the_time_when_a_job_starts_to_starve()
    {
        var cloud = ClusterScenario.Nodes(4).Job().After(1).Job(4).After(1).Job();
        var since = cloud.Now;
        cloud.Run();
        // No assignment is unconfirmed any more: that would ask for a round, too.
        var plan = cloud.After(6).Solve();
        Assert.Equal(since + LimitSeconds * Second, plan.NextRoundAt);
        Scheduler.Solve(cloud.Ledger, cloud.Policy, plan.NextRoundAt!.Value - 1);
        Assert.Empty(Reserved(cloud));
        var last = Scheduler.Solve(cloud.Ledger, cloud.Policy, plan.NextRoundAt.Value);
        Assert.Equal(["n1"], Reserved(cloud));
        Assert.Null(last.NextRoundAt);
    }

    /// <summary>n2 has the most cores free, but too few for a large job.</summary>
    private static ClusterScenario Unequal() =>
        ClusterScenario.Nodes(4, 4, 4).Job(3, count: 2, avoid: "n2");

    /// <summary>Each node runs a small job; large ones were passed over for too long.</summary>
    private static ClusterScenario Starving(ClusterScenario cloud, int large)
    {
        cloud.Job(count: 3);
        cloud.Run();
        cloud.After(1);
        for (var i = 0; i < large; i++)
            cloud.Job(4, owner: $"user{i}", memory: i);
        cloud.After(1).Job();
        cloud.Run();
        cloud.After(LimitSeconds).Solve();
        return cloud;
    }

    private static IReadOnlyList<string> Reserved(ClusterScenario cloud) =>
        [.. cloud.Ledger.Nodes.Where(node => node.ReservedFor is not null).Select(n => n.Name)];
}
