using Akka.Actor;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Protocol.Execution;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

/// <summary>The executor forgets an end only after its output is in the store.</summary>
public sealed class OutputKeepingTests : AgentTest
{
    public OutputKeepingTests() => Keeper = CreateTestProbe("keeper");

    [Fact]
    public void An_accepted_end_is_forgotten_once_its_output_is_kept()
    {
        var agent = Ended();
        agent.Tell(Accepted(1));
        var keep = Keeper!.ExpectMsg<OutputKeeper.Keep>();
        Assert.Equal((new(1, 1), 9L), (keep.Ended[0].Id, keep.Ended[0].EndedAt));
        agent.Tell(Order(2));
        AssertStarts(1, 2);
        Assert.Empty(Executor.Accepted);
        Keeper.Reply(new OutputKeeper.Kept([new(1, 1)]));
        AwaitAssert(() => Assert.Equal([new(1, 1)], Executor.Accepted));
    }

    [Fact]
    public void Output_that_was_not_kept_before_a_crash_is_kept_afterwards()
    {
        Executor.Inventory = new Inventory { Ended = { ScriptedExecutor.Ended(1) } };
        var agent = StartAgent();
        Report(1, What.Ended);
        agent.Tell(Accepted(1));
        Assert.Equal(new(1, 1), Keeper!.ExpectMsg<OutputKeeper.Keep>().Ended[0].Id);
    }

    [Fact]
    public void An_attempt_that_never_started_has_nothing_to_keep()
    {
        Settings = Settings with { BacklogMax = 1 };
        var agent = StartAgent();
        agent.Tell(OrderSized(cores: 3, priority: 5, 1, 2));
        Report(2, What.NeverStarted);
        agent.Tell(Accepted(2));
        agent.Tell(OrderSized(cores: 1, priority: 5, 3));
        Keeper!.ExpectNoMsg(Short);
    }

    private IActorRef Ended()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.DeliverStarted(1);
        Report(1, What.Started);
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        return agent;
    }
}
