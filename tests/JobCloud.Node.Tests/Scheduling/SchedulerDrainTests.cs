using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Scheduling;

public sealed class SchedulerDrainTests : SchedulerTest
{
    private static DrainRequest Disk =>
        new()
        {
            Node = "n1",
            Reason = "disk",
            By = "ann",
        };

    [Fact]
    public void A_drain_is_sent_until_the_node_confirms_it()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        Settle(scheduler);
        scheduler.Tell(Disk, TestActor);
        Assert.Equal("drained", Assert.Single(ExpectMsg<NodesReply>().Nodes).State);
        var sent = Agents.ExpectMsg<DrainRequest>();
        Assert.Equal(("n1", "disk", "ann"), (sent.Node, sent.Reason, sent.By));

        scheduler.Tell(Offer("n1", cores: 1));
        Agents.ExpectMsg(sent);
        var draining = Offer("n1", cores: 1);
        (draining.Draining, draining.Drain) = (true, sent.Since);
        scheduler.Tell(draining);
        Settle(scheduler);
        Agents.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_drain_survives_a_restart_of_the_scheduler()
    {
        var first = Start();
        first.Tell(Offer("n1", cores: 1));
        Settle(first);
        first.Tell(Disk, TestActor);
        ExpectMsg<NodesReply>();
        Agents.ExpectMsg<DrainRequest>();
        Sys.Stop(first);

        var next = Start(0);
        Segment();
        Settle(next);
        next.Tell(Offer("n1", cores: 1));
        Assert.Equal("disk", Agents.ExpectMsg<DrainRequest>().Reason);
        next.Tell(Runnable(0, 1, 1, full: true));
        Settle(next);
        Segments.ExpectNoMsg(TimeSpan.Zero);
        next.Tell(new DrainRequest { Node = "n1", Undrain = true }, TestActor);
        Assert.Equal("ready", Assert.Single(ExpectMsg<NodesReply>().Nodes).State);
        Assert.Equal((0, 1, 1, "n1"), Assigned(Segment()));
        Assert.Empty(Drains.Drains);
    }

    [Fact]
    public void A_drain_that_fails_to_be_written_changes_nothing()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        Settle(scheduler);
        Drains.Fails = true;
        scheduler.Tell(Disk, TestActor);
        Assert.Equal(RefusalCode.StoreUnavailable, ExpectMsg<Refusal>().Code);
        scheduler.Tell(new SchedulerNodes(), TestActor);
        Assert.Equal("ready", Assert.Single(ExpectMsg<NodesReply>().Nodes).State);
    }

    [Fact]
    public void No_job_is_assigned_before_theDrains_are_known()
    {
        Drains.Fails = true;
        var scheduler = Start(0);
        Segment();
        scheduler.Tell(Offer("n1", cores: 1));
        scheduler.Tell(Runnable(0, 1, 1, full: true));
        Settle(scheduler);
        Segments.ExpectNoMsg(TimeSpan.Zero);
        scheduler.Tell(Disk, TestActor);
        Assert.Equal(RefusalCode.Busy, ExpectMsg<Refusal>().Code);
        Drains.Fails = false;
        AdvanceUntil(() => Segments.HasMessages && Segment().Assign is not null);
    }

    [Fact]
    public void A_drain_of_an_unknown_node_is_refused_with_the_known_names()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        Settle(scheduler);
        scheduler.Tell(new DrainRequest { Node = "n7" }, TestActor);
        var refusal = ExpectMsg<Refusal>();
        Assert.Equal(RefusalCode.NotFound, refusal.Code);
        Assert.Equal("Unknown node n7; the nodes are n1", refusal.Message);
    }
}
