using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Tests what <c>explain</c> says about a job and about each node.</summary>
public sealed class NodeVerdictTests
{
    [Fact]
    public void A_job_that_fits_is_about_to_be_assigned()
    {
        var reply = Explain(ClusterScenario.Nodes(4).Job());
        Assert.Equal("it is about to be assigned", reply.Summary);
        Assert.True(Assert.Single(reply.Nodes).FitsNow);
    }

    [Fact]
    public void A_retry_can_run_once_its_backoff_has_ended()
    {
        var cloud = ClusterScenario.Nodes(4);
        cloud.Job(notBefore: cloud.Now);
        Assert.True(Assert.Single(Explain(cloud).Nodes).FitsNow);
        cloud.Job(notBefore: cloud.Now + 1);
        var later = Explain(cloud);
        Assert.False(Assert.Single(later.Nodes).FitsNow);
        Assert.Equal(later.Summary, later.Nodes[0].Why);
    }

    [Fact]
    public void The_reason_is_memory_if_the_free_cores_are_just_enough()
    {
        var cloud = ClusterScenario.Nodes().Node(4, memory: 100).Job(2, memory: 60);
        cloud.Run();
        var memory = Explain(cloud.Job(2, memory: 60));
        var cores = Explain(cloud.Job(3));
        Assert.Contains("memory", memory.Summary);
        Assert.DoesNotContain("memory", cores.Summary);
    }

    [Fact]
    public void A_node_that_is_not_ready_gets_nothing_and_says_why()
    {
        var cloud = ClusterScenario.Nodes(1, 4);
        cloud.Offer("n2", offer => offer.NotReady = "no store").Job(count: 3);
        cloud.Run();
        Assert.Empty(cloud.On("n2"));
        var reply = Explain(cloud);
        Assert.Contains("node n2 is not ready: no store", reply.Nodes.Select(node => node.Why));
        var view = NodeViews.Of(cloud.Ledger).Nodes.Single(node => node.Name == "n2");
        Assert.Equal(("not ready", "no store"), (view.State, view.Reason));

        cloud.Offer("n1", offer => offer.NotReady = "no store");
        Assert.Equal("no node that could run it is ready", Explain(cloud).Summary);
    }

    [Fact]
    public void A_node_that_can_prefetch_the_job_fits()
    {
        var cloud = ClusterScenario.Nodes().Node(1, backlog: 8).Job(count: 300);
        cloud.Run();
        for (var ended = 0; ended < 200; ended++)
        {
            cloud.After(0.01).End(cloud.On("n1").First());
            cloud.Run();
        }
        Assert.False(Assert.Single(Explain(cloud).Nodes).FitsNow);
        cloud.End(cloud.On("n1").Last());
        Assert.True(Assert.Single(Explain(cloud).Nodes).FitsNow);
    }

    private static ExplainReply Explain(ClusterScenario cloud) =>
        Explanation.Of(cloud.Ledger, cloud.Policy, new Jid(cloud.LastJid), cloud.Now);
}
