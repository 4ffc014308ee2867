using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests when a waiting job counts as passed over, and what follows when its reservation
/// ends.</summary>
public sealed class PassedOverTests
{
    private const int LimitSeconds = 300;

    [Fact]
    public void A_job_that_nothing_has_passed_over_never_starves()
    {
        var cloud = ClusterScenario.Nodes(4).Job(1);
        cloud.Run();
        cloud.After(1).Job(4).Run();
        cloud.After(2 * LimitSeconds).Solve();
        cloud.After(2 * LimitSeconds).Solve();
        Assert.Empty(Reserved(cloud));
    }

    [Fact]
    public void A_job_starves_from_the_first_time_that_it_was_passed_over()
    {
        var cloud = ClusterScenario.Nodes(4).Job(1);
        cloud.Run();
        cloud.After(1).Job(4).After(1).Job(1);
        cloud.Run();
        // Passed over once more, much later.
        cloud.After(LimitSeconds - 10).Job(1).Run();
        cloud.After(11).Solve();
        Assert.Equal(["n1"], Reserved(cloud));
    }

    [Fact]
    public void A_node_whose_reservation_ends_takes_other_jobs_in_the_same_round()
    {
        var cloud = ClusterScenario.Nodes(4).Job(1);
        cloud.Run();
        cloud.After(1).Job(4).After(1).Job(1);
        cloud.Run();
        cloud.After(LimitSeconds).Solve();
        Assert.Equal(["n1"], Reserved(cloud));

        // A new node takes the starving job. The more urgent job avoids that node, and was refused
        // on the reserved one before.
        cloud.Node(4).Job(1, priority: 1, avoid: "n2");
        var placed = cloud.Assigned(cloud.Solve()).SelectMany(to => to.Jids).Order();

        Assert.Equal([2, 4], placed);
        Assert.Equal(("n2", "n1"), (cloud.NodeOf(2), cloud.NodeOf(4)));
        Assert.Empty(Reserved(cloud));
    }

    [Fact]
    public void A_node_that_shrank_prefetches_no_job_that_it_can_no_longer_hold()
    {
        var cloud = Busy();
        cloud.Offer("n1", offer => offer.Capacity = new Resources { Cores = 2 });
        cloud.Job(4);
        Assert.Empty(cloud.Solve().Assignments);
    }

    [Fact]
    public void A_node_prefetches_no_job_that_needs_what_it_lacks()
    {
        var cloud = Busy();
        cloud.Offer("n1", offer => offer.Isolation = new() { NoSandbox = "no bubblewrap" });
        cloud.Job(4, needs: NodeFeatures.Sandbox);
        Assert.Empty(cloud.Solve().Assignments);
    }

    [Fact]
    public void A_busy_node_prefetches_a_job_of_its_own_size()
    {
        var cloud = Busy();
        cloud.Job(4);
        Assert.Equal("n1", Assert.Single(cloud.Solve().Assignments).Node);
    }

    /// <summary>One node that a job fills and that ends many jobs a second.</summary>
    private static ClusterScenario Busy()
    {
        var cloud = ClusterScenario.Nodes().Node(4, backlog: 100);
        for (var i = 0; i < 50; i++)
        {
            cloud.Job(4).Run();
            cloud.Active(cloud.LastJid, started: true).After(0.01).End(cloud.LastJid);
        }
        cloud.Job(4).Run();
        cloud.Active(cloud.LastJid, started: true);
        return cloud;
    }

    private static IReadOnlyList<string> Reserved(ClusterScenario cloud) =>
        [.. cloud.Ledger.Nodes.Where(node => node.ReservedFor is not null).Select(n => n.Name)];
}
