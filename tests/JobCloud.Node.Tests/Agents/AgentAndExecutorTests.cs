using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class AgentAndExecutorTests : AgentTest
{
    [Fact]
    public void Nothing_is_done_before_the_inventory_is_known()
    {
        Executor.Inventory = null;
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(new CheckAttempts { Node = "n1", Attempts = { Key(3) } });
        Region.ExpectNoMsg(Short);
        Assert.Equal(
            [ToExecutor.MessageOneofCase.Hello],
            Executor.Heard.Select(m => m.MessageCase)
        );
        Executor.Say(
            new FromExecutor { Inventory = new() { Running = { ScriptedExecutor.Started(2) } } }
        );
        AssertStarts(1);
        Assert.Equal(
            [(2, What.Started), (3, What.Unknown)],
            Reports(2).Select(r => (r.Jid, r.WhatCase)).OrderBy(r => r.Jid)
        );
    }

    [Fact]
    public void A_new_agent_takes_over_what_runs_and_reports_what_has_ended()
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
        Executor.SayEnded(1);
        Report(1, What.Ended);
        AssertStarts(3);
    }

    [Fact]
    public void A_start_and_a_stop_that_were_lost_on_the_way_are_sent_again()
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
        AwaitAssert(() => Assert.Single(Executor.Heard, m => m.Stop is not null));
        Reconnect(new Inventory());
        AssertStarts(1, 1);
        AwaitAssert(() => Assert.Equal(2, Executor.Heard.Count(m => m.Stop is not null)));
        Executor.SayEnded(1);
        Report(1, What.Ended);
    }

    [Fact]
    public void What_ran_and_is_not_in_the_inventory_is_unknown_and_gives_its_room_back()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2));
        AssertStarts(1, 2);
        Executor.SayStarted(1, 2);
        Reports(2);
        Reconnect(new Inventory { Running = { ScriptedExecutor.Started(2) } });
        Report(1, What.Unknown);
        agent.Tell(Order(3));
        AssertStarts(1, 2, 3);
    }

    [Fact]
    public void An_end_that_came_while_the_connection_was_broken_is_reported_once()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.SayStarted(1);
        Report(1, What.Started);
        Reconnect(new Inventory { Ended = { ScriptedExecutor.Ended(1) } });
        Report(1, What.Ended);
        Reconnect(new Inventory { Ended = { ScriptedExecutor.Ended(1) } });
        agent.Tell(Accepted(1));
        AwaitAssert(() => Assert.Single(Executor.Accepted));
        Region.ExpectNoMsg(Short);
    }

    [Fact]
    public void Who_waits_for_usage_is_answered_when_the_connection_breaks()
    {
        var agent = StartAgent();
        agent.Tell(new ReadUsage { Attempts = { Key(1) } }, TestActor);
        AwaitAssert(() => Assert.Single(Executor.Heard, m => m.Usages is not null));
        Executor.Tell(new ExecutorNews.Down("gone"));
        Assert.Empty(ExpectMsg<UsageRead>().Usages);
    }

    [Fact]
    public void When_the_executor_has_gone_for_good_its_jobs_are_killed_and_another_is_started()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.SayStarted(1);
        Report(1, What.Started);
        Executor.Tell(new ExecutorNews.Down("gone"));
        Executor.Tell(new ExecutorNews.Unreachable(ProcessLives: true));
        Executor.Tell(new ExecutorNews.Unreachable(ProcessLives: false));
        agent.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>();
        Advance(Settings.ExecutorGoneAfter);
        Assert.Empty(Machine.Done);
        Executor.Tell(new ExecutorNews.Unreachable(ProcessLives: false));
        AwaitAssert(() =>
            Assert.Equal(["kill 1001 of 5", "start executor", "exit 75"], Machine.Done)
        );
    }

    private void Reconnect(Inventory inventory)
    {
        Executor.Inventory = inventory;
        Executor.Tell(new ExecutorNews.Down("gone"));
        Executor.Tell(new ExecutorNews.Up());
    }
}
