using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class ExplanationTests
{
    private const long GiB = 1L << 30;

    public static TheoryData<string, ClusterScenario> Sentences =>
        new()
        {
            { "no node has joined yet", ClusterScenario.Nodes().Job() },
            {
                "node n1 runs no jobs: it does not have the role worker",
                ClusterScenario.Nodes(0).Job()
            },
            { "no node runs jobs: none has the role worker", ClusterScenario.Nodes(0, 0).Job() },
            { "n1 has 4 cores, but the job needs 8", ClusterScenario.Nodes(4).Job(8) },
            { "no node has 8 cores", ClusterScenario.Nodes(4, 4).Job(8) },
            { "no node has 64 GiB of memory", ClusterScenario.Nodes(4, 4).Job(memory: 64 * GiB) },
            { "all 4 cores of n1 are busy", ClusterScenario.Nodes(4).Job(4).Job(2) },
            { "n1 has 1 core free, but the job needs 2", ClusterScenario.Nodes(4).Job(3).Job(2) },
            { "no node has 2 cores free", ClusterScenario.Nodes(2, 2).Job(2, count: 2).Job(2) },
            {
                "n1 has 1 GiB of memory free, but the job needs 1.5 GiB",
                ClusterScenario.Nodes(4).Job(memory: 15 * GiB).Job(memory: 3 * GiB / 2)
            },
            {
                "node n1 is draining",
                ClusterScenario.Nodes(4).Offer("n1", offer => offer.Draining = true).Job()
            },
            {
                "n1 does not support a root file system or volume: it has not reported its isolation yet",
                ClusterScenario.Nodes(4).Job(needs: NodeFeatures.Sandbox)
            },
            {
                "no node supports a private network",
                ClusterScenario
                    .Nodes(4, 4)
                    .Offer("n1", NoNetwork)
                    .Offer("n2", NoNetwork)
                    .Job(needs: NodeFeatures.PrivateNetwork)
            },
            { "node n1 is lost", ClusterScenario.Nodes(4).Lose("n1").Job() },
            { "node n1 has left", ClusterScenario.Nodes(4).Lose("n1", planned: true).Job() },
            { "all nodes are lost", ClusterScenario.Nodes(4, 4).Lose("n1").Lose("n2").Job() },
            {
                "its map runs 2 jobs, which is its max parallel",
                ClusterScenario.Nodes(9).Job(count: 3, maxParallel: 2)
            },
        };

    private static void NoNetwork(NodeOffer offer) =>
        offer.Isolation = new() { NoPrivateNetwork = "bubblewrap is not installed" };

    [Theory]
    [MemberData(nameof(Sentences), DisableDiscoveryEnumeration = true)]
    public void A_waiting_job_has_a_reason(string sentence, ClusterScenario cloud)
    {
        cloud.Run();
        Assert.Equal(sentence, Explain(cloud, cloud.LastJid).Summary);
    }

    [Fact]
    public void The_reason_of_a_retry_states_its_time()
    {
        var cloud = ClusterScenario.Nodes(1);
        cloud.Job(notBefore: cloud.Now + 2_500_000);
        Assert.Equal("it will be retried in 3 seconds", Explain(cloud, 1).Summary);
        Assert.False(Assert.Single(Explain(cloud, 1).Nodes).FitsNow);
    }

    [Fact]
    public void The_reason_in_a_map_over_its_max_fails_states_that()
    {
        var cloud = ClusterScenario.Nodes(1).Job(count: 3, maxFails: 1);
        cloud.Run();
        cloud.End(1, Status.Error).Solve();
        Assert.Equal(
            "its map had 1 failure and the rest of it is being killed",
            Explain(cloud, 2).Summary
        );
    }

    [Fact]
    public void Each_node_has_a_verdict()
    {
        var cloud = ClusterScenario.Nodes(2, 4, 8).Job(4).Job(4, avoid: "n3");
        cloud.Solve();
        cloud.Job(4, avoid: "n2");
        Assert.Equal(
            [
                "n1 has 2 cores, but the job needs 4",
                "its last attempt was lost on n2",
                "n3 has 8 cores free",
            ],
            Explain(cloud, 3).Nodes.Select(node => node.Why)
        );
    }

    [Fact]
    public void Jobs_ahead_are_counted()
    {
        var cloud = ClusterScenario
            .Nodes()
            .Job(count: 100)
            .Job(priority: 9)
            .Job(priority: 1, count: 5);
        Assert.Equal(105, Explain(cloud, 101).Ahead);
        Assert.Equal(5 + 9, Explain(cloud, 10).Ahead);
        Assert.Equal(0, Explain(cloud, 102).Ahead);
    }

    [Fact]
    public void Assigned_and_unknown_jobs_are_not_queued()
    {
        var cloud = ClusterScenario.Nodes(1).Job();
        cloud.Solve();
        Assert.Equal("job 1 is assigned to node n1", Explain(cloud, 1).Summary);
        Assert.Equal("job 2 is not queued", Explain(cloud, 2).Summary);
        Assert.Equal(Status.Unspecified, Explain(cloud, 2).Status);
    }

    [Fact]
    public void Nodes_are_listed_with_their_state_and_jobs()
    {
        var cloud = ClusterScenario.Nodes(4, 4, 4, 4).Job(count: 8);
        cloud.Run();
        cloud.Active(cloud.On("n1").First(), started: true);
        cloud.Offer("n2", offer => offer.Draining = true).Lose("n3").Lose("n4", planned: true);
        var views = NodeViews.Of(cloud.Ledger).Nodes;
        Assert.Equal(["ready", "draining", "lost"], views.Select(view => view.State));
        Assert.Equal((1, 1, 1), (views[0].Processing, views[0].Assigned, views[0].InUse.Cores));
        foreach (var jid in cloud.On("n2").ToList())
            cloud.End(jid);
        Assert.Equal("drained", NodeViews.Of(cloud.Ledger).Nodes[1].State);
    }

    private static Protocol.Api.ExplainReply Explain(ClusterScenario cloud, long jid) =>
        Explanation.Of(cloud.Ledger, cloud.Policy, new Jid(jid), cloud.Now);
}
