using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests the rows that <c>nodes</c> shows.</summary>
public sealed class NodeViewTests
{
    [Fact]
    public void A_node_view_shows_its_offer_and_its_running_jobs()
    {
        var cloud = ClusterScenario
            .Nodes(4)
            .Offer(
                "n1",
                offer =>
                {
                    (offer.Address, offer.Version, offer.Since) = ("a:1", "1.2.3", 77);
                    (offer.Limits, offer.Isolation) = ("cgroup v2", new Isolation());
                    offer.Roles.Add("worker");
                }
            )
            .Job(2, memory: 5, count: 2);
        cloud.Run();
        cloud.Active(1, started: true);

        var node = Assert.Single(NodeViews.Of(cloud.Ledger).Nodes);
        Assert.Equal(
            ("ready", "a:1", "1.2.3", 77L),
            (node.State, node.Address, node.Version, node.Since)
        );
        Assert.Equal(("cgroup v2", "worker"), (node.Limits, Assert.Single(node.Roles)));
        Assert.NotNull(node.Isolation);
        Assert.Equal((4, 2, 5L), (node.Capacity.Cores, node.InUse.Cores, node.InUse.MemoryBytes));
        Assert.Equal((1L, 1L), (node.Processing, node.Assigned));
    }

    [Fact]
    public void A_drained_node_that_is_away_is_listed_until_its_drain_ends()
    {
        var cloud = ClusterScenario.Nodes(1, 1, 1).Lose("n2", planned: true);
        cloud.Ledger.Drain("n2", new Drain("n2", "ann", "disk", 7, 0), cloud.Now);
        cloud.Ledger.Drain("n0", new Drain("n0", "bob", "", 8, 0), cloud.Now);

        var nodes = NodeViews.Of(cloud.Ledger).Nodes;

        Assert.Equal(
            [("n0", "away"), ("n1", "ready"), ("n2", "away"), ("n3", "ready")],
            nodes.Select(node => (node.Name, node.State))
        );
        Assert.Equal(("drained: disk", "ann"), (nodes[2].Reason, nodes[2].DrainedBy));
        Assert.Null(cloud.Ledger.RefusalOf(new DrainRequest { Node = "n0", Undrain = true }));
        cloud.Ledger.Drain("n0", null, cloud.Now);
        cloud.Ledger.Drain("n2", null, cloud.Now);
        Assert.Equal(["n1", "n3"], NodeViews.Of(cloud.Ledger).Nodes.Select(node => node.Name));
    }

    [Fact]
    public void A_node_that_the_others_do_not_reach_is_not_ready_and_gets_nothing()
    {
        var cloud = ClusterScenario.Nodes(4);
        cloud.Ledger.Reach("n1", isReached: false);
        var node = Assert.Single(NodeViews.Of(cloud.Ledger).Nodes);
        Assert.Equal("not ready", node.State);
        Assert.Contains("do not reach it", node.Reason);
        Assert.Empty(cloud.Job().Solve().Assignments);

        cloud.Ledger.Reach("n1", isReached: true);
        Assert.Equal("ready", Assert.Single(NodeViews.Of(cloud.Ledger).Nodes).State);
        Assert.Single(cloud.Solve().Assignments);
    }

    [Fact]
    public void Lost_nodes_are_shown_and_those_that_left_or_never_reported_are_not()
    {
        var cloud = ClusterScenario.Nodes(1, 1, 1).Lose("n1").Lose("n2", planned: true);
        cloud.Ledger.Apply(
            new SegmentUpdate
            {
                Active =
                {
                    new ActiveAttempt { Jid = 1, Node = "n9" },
                },
            },
            cloud.Now
        );
        var nodes = NodeViews.Of(cloud.Ledger).Nodes;
        Assert.Equal([("n1", "lost"), ("n3", "ready")], nodes.Select(n => (n.Name, n.State)));
        Assert.Equal(cloud.Now, nodes[0].Since);
    }

    [Fact]
    public void A_draining_node_shows_its_reason_and_deadline()
    {
        var cloud = ClusterScenario.Nodes(1, 1);
        cloud.Offer("n1", offer => (offer.Draining, offer.Reason) = (true, "stopping"));
        cloud.Ledger.Drain("n2", new Drain("n2", "ann", "disk", Since: 7, StopAt: 9), cloud.Now);
        var nodes = NodeViews.Of(cloud.Ledger).Nodes;
        Assert.Equal(["stopping", "disk"], nodes.Select(node => node.Reason));
        Assert.Equal(
            ("ann", 7L, 9L),
            (nodes[1].DrainedBy, nodes[1].DrainedSince, nodes[1].DrainStopsAt)
        );
    }

    [Fact]
    public void A_drain_undone_while_its_node_is_absent_stays_undone()
    {
        var ledger = new Ledger();
        ledger.Drain("n1", new Drain("n1", "ann", "", Since: 7, StopAt: 0), now: 8);
        ledger.Drain("n1", null, now: 9);
        Assert.Null(ledger.Apply(new NodeOffer { Node = "n1", Session = 1 }, now: 10));
        Assert.True(ledger.Node("n1")!.Accepts);
    }

    [Fact]
    public void The_refusal_of_a_drain_lists_the_present_nodes()
    {
        var cloud = ClusterScenario.Nodes(1, 1).Lose("n2");
        var message = cloud.Ledger.RefusalOf(new DrainRequest { Node = "n7" })!.Message;
        Assert.Contains("n1", message);
        Assert.DoesNotContain("n2", message);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 10)]
    public void A_job_larger_than_the_running_ones_is_not_prefetched(int cores, long memory)
    {
        var cloud = ClusterScenario.Nodes().Node(2, backlog: 8).Job(1, count: 300, memory: 10);
        cloud.Run();
        for (var ended = 0; ended < 200; ended++)
        {
            cloud.After(0.01).End(cloud.On("n1").First());
            cloud.Run();
        }
        cloud.End(cloud.On("n1").Last());
        Assert.True(FitsNow(cloud.Job(1, memory: 10)));
        Assert.True(cloud.Ledger.Node("n1")!.CoresFree <= 0);
        Assert.False(FitsNow(cloud.Job(cores, memory: memory)));
    }

    private static bool FitsNow(ClusterScenario cloud) =>
        Explanation
            .Of(cloud.Ledger, cloud.Policy, new Jid(cloud.LastJid), cloud.Now)
            .Nodes.Single()
            .FitsNow;
}
