using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Kills of maps that failed too often, and when they are repeated.</summary>
public sealed class MapFailureTests
{
    [Fact]
    public void A_kill_is_repeated_exactly_at_the_planned_time()
    {
        var cloud = Failed(ClusterScenario.Nodes(1), count: 3);
        var plan = cloud.Solve();
        Assert.Single(plan.Kills);
        Assert.Equal(0, cloud.Ledger.Maps.Single().Allowance);
        Assert.Equal(cloud.Now + cloud.Policy.Limits.Confirm, plan.NextRoundAt);
        var again = plan.NextRoundAt!.Value;
        Assert.Empty(Scheduler.Solve(cloud.Ledger, cloud.Policy, again - 1).Kills);
        Assert.Single(Scheduler.Solve(cloud.Ledger, cloud.Policy, again).Kills);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    public void The_next_round_is_due_at_the_earliest_repeated_kill(long first, long second)
    {
        var cloud = ClusterScenario.Nodes(6).Job(count: 3, maxFails: 1).Job(count: 3, maxFails: 1);
        cloud.Run();
        // No assignment is unconfirmed any more: that would ask for a round, too.
        cloud.After(6).Solve();
        var early = cloud.End(first, Status.Error).Solve().NextRoundAt;
        Assert.Equal(cloud.Now + cloud.Policy.Limits.Confirm, early);
        Assert.Equal(early, cloud.After(1).End(second, Status.Error).Solve().NextRoundAt);
    }

    [Fact]
    public void A_map_within_its_limit_needs_no_further_round()
    {
        var cloud = ClusterScenario.Nodes(1).Job(maxFails: 5);
        cloud.Run();
        Assert.Null(cloud.After(6).Solve().NextRoundAt);
    }

    /// <summary>The first job of a new map ends in error, one more than the map may have.</summary>
    private static ClusterScenario Failed(ClusterScenario cloud, int count)
    {
        var first = cloud.LastJid + 1;
        cloud.Job(priority: 1, count: count, maxFails: 1).Run();
        return cloud.Active(first, started: true).End(first, Status.Error);
    }
}
