using Akka.Actor;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class AgentLeaseTests : AgentTest
{
    [Fact]
    public void The_executor_lease_is_renewed_only_while_the_node_is_a_member()
    {
        var agent = StartAgent();
        Scheduler.ExpectMsg<NodeOffer>();
        Assert.True(RenewalsWithin(agent, Settings.FenceAfter) > 0);
        InCluster = false;
        Assert.Equal(0, RenewalsWithin(agent, Settings.FenceAfter));
        InCluster = true;
        Assert.True(RenewalsWithin(agent, Settings.FenceAfter) > 0);
    }

    [Fact]
    public void A_node_outside_the_cluster_hands_attempts_back_and_is_not_ready()
    {
        InCluster = false;
        var agent = StartAgent();
        Assert.Contains("not confirmed", Scheduler.ExpectMsg<NodeOffer>().NotReady);
        agent.Tell(Order(1));
        Report(1, What.NeverStarted);
        AssertStarts();
        InCluster = true;
        AwaitAssert(() =>
        {
            Advance(Settings.FenceAfter / 10);
            Assert.True(Renewals > 0);
        });
        Assert.Equal("", Scheduler.FishForMessage<NodeOffer>(o => o.NotReady.Length == 0).NotReady);
        agent.Tell(Order(2));
        AssertStarts(2);
    }

    [Fact]
    public void A_node_without_its_lease_hands_back_its_backlog()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        AssertStarts(1, 2);
        InCluster = false;
        Advance(Settings.FenceAfter / 10);
        Report(3, What.NeverStarted);
        Assert.NotEqual(
            "",
            Scheduler.FishForMessage<NodeOffer>(o => o.NotReady.Length > 0).NotReady
        );
    }

    [Fact]
    public void Without_a_fence_the_lease_is_not_renewed()
    {
        Settings = Settings with { FenceAfter = TimeSpan.Zero };
        StartAgent();
        Scheduler.ExpectMsg<NodeOffer>();
        Advance(Settings.OfferInterval);
        Scheduler.ExpectMsg<NodeOffer>();
        Assert.Equal(0, Renewals);
    }

    private int RenewalsWithin(IActorRef agent, TimeSpan time)
    {
        Settle(agent);
        var before = Renewals;
        Advance(time);
        Settle(agent);
        return Renewals - before;
    }

    private int Renewals => Executor.Received.Count(m => m.Renew is not null);
}
