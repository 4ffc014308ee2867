using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class AgentAndExecutorTests : AgentTest
{
    [Fact]
    public void The_agent_does_nothing_before_it_has_the_inventory()
    {
        Executor.Inventory = null;
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(new CheckAttempts { Node = "n1", Attempts = { Key(3) } });
        Region.ExpectNoMsg(Short);
        Assert.Equal(
            [ToExecutor.MessageOneofCase.Hello],
            Executor.Received.Select(m => m.MessageCase)
        );
        Executor.Deliver(
            new FromExecutor { Inventory = new() { Running = { ScriptedExecutor.Started(2) } } }
        );
        AssertStarts(1);
        Assert.Equal(
            [(2, What.Started), (3, What.Unknown)],
            Reports(2).Select(r => (r.Jid, r.WhatCase)).OrderBy(r => r.Jid)
        );
    }

    [Fact]
    public void A_new_agent_adopts_running_attempts_and_reports_ended_ones()
    {
        Executor.Inventory = new()
        {
            Running = { ScriptedExecutor.Started(1, cores: 2) },
            Ended = { ScriptedExecutor.Ended(2) },
        };
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        Assert.Equal(
            [(1, What.Started), (2, What.Ended)],
            Reports(2, linger: true).Select(r => (r.Jid, r.WhatCase)).OrderBy(r => r.Jid)
        );
        agent.Tell(Accepted(2));
        AwaitAssert(() => Assert.Single(Executor.Accepted));
        AssertStarts();
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        AssertStarts(3);
    }

    [Fact]
    public void A_start_and_a_stop_lost_in_transit_are_sent_again()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(
            new StopAttempts
            {
                Node = "n1",
                Attempts =
                {
                    new StopAttempt { Jid = 1, Attempt = 1 },
                },
            }
        );
        AwaitAssert(() => Assert.Single(Executor.Received, m => m.Stop is not null));
        Reconnect(new Inventory());
        AssertStarts(1, 1);
        AwaitAssert(() => Assert.Equal(2, Executor.Received.Count(m => m.Stop is not null)));
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
    }

    [Fact]
    public void A_running_attempt_missing_from_the_inventory_is_unknown_and_frees_its_resources()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2));
        AssertStarts(1, 2);
        Executor.DeliverStarted(1, 2);
        Reports(2);
        Reconnect(new Inventory { Running = { ScriptedExecutor.Started(2) } });
        Report(1, What.Unknown);
        agent.Tell(Order(3));
        AssertStarts(1, 2, 3);
    }

    [Fact]
    public void An_end_during_a_disconnection_is_reported_once()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.DeliverStarted(1);
        Report(1, What.Started);
        Reconnect(new Inventory { Ended = { ScriptedExecutor.Ended(1) } });
        Report(1, What.Ended);
        Reconnect(new Inventory { Ended = { ScriptedExecutor.Ended(1) } });
        agent.Tell(Accepted(1));
        AwaitAssert(() => Assert.Single(Executor.Accepted));
        Region.ExpectNoMsg(Short);
    }

    [Fact]
    public void Usage_questions_are_answered_when_the_connection_breaks()
    {
        var agent = StartAgent();
        agent.Tell(new ReadUsage { Attempts = { Key(1) } }, TestActor);
        AwaitAssert(() => Assert.Single(Executor.Received, m => m.Usages is not null));
        Executor.Tell(new ExecutorUpdate.Disconnected("gone"));
        Assert.Empty(ExpectMsg<UsageRead>().Usages);
    }

    [Fact]
    public void A_lost_executor_is_replaced_and_its_jobs_are_killed()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.DeliverStarted(1);
        Report(1, What.Started);
        Executor.Tell(new ExecutorUpdate.Disconnected("gone"));
        Executor.Tell(new ExecutorUpdate.Unreachable(ProcessIsAlive: true));
        Executor.Tell(new ExecutorUpdate.Unreachable(ProcessIsAlive: false));
        agent.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>();
        Advance(Settings.ExecutorGoneAfter);
        Assert.Empty(Machine.Done);
        Executor.Tell(new ExecutorUpdate.Unreachable(ProcessIsAlive: false));
        AwaitAssert(() =>
            Assert.Equal(["kill 1001 of 5", "start executor", "exit 75"], Machine.Done)
        );
    }

    [Fact]
    public void An_executor_that_a_signal_has_stopped_is_continued()
    {
        var agent = StartAgent();
        Machine.IsStopped = true;

        for (var i = 0; i < 5; i++)
        {
            Advance(TimeSpan.FromMilliseconds(StoppedWatch.LookMs));
            agent.Tell(new Identify(i), TestActor);
            ExpectMsg<ActorIdentity>();
        }

        Assert.Contains("continue executor", Machine.Done);
    }

    [Fact]
    public void A_new_executor_gets_the_arguments_of_the_previous_node()
    {
        Assert.Equal(
            ["--home", "/h", "--node-arg", "--cores=3", "--node-arg", "--name=a"],
            ExecutorLauncher.Words("/h", ["--home", "/other", "--cores=3", "--name=a"])
        );
    }

    private void Reconnect(Inventory inventory)
    {
        Executor.Inventory = inventory;
        Executor.Tell(new ExecutorUpdate.Disconnected("gone"));
        Executor.Tell(new ExecutorUpdate.Connected());
    }
}
