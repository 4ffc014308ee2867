using Akka.Actor;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class BatchingTests : AgentTest
{
    [Fact]
    public void While_there_is_more_to_start_reports_gather_for_a_while()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3, 4, 5, 6));
        AssertStarts(1, 2);
        Executor.SayEnded(1);
        Report(1, What.Ended);
        Executor.SayEnded(2);
        AssertStarts(1, 2, 3, 4);
        Executor.SayEnded(3);
        Region.ExpectNoMsg(Short);
        Assert.Equal([2L, 3], Reports(2, linger: true).Select(r => r.Jid));
    }

    [Fact]
    public void While_there_is_more_to_start_a_start_is_told_with_the_next_end()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3, 4));
        AssertStarts(1, 2);
        Executor.SayStarted(1, 2);
        Region.ExpectNoMsg(Short);
        Executor.SayEnded(1);
        Assert.Equal([1L, 1, 2], Reports(3).Select(r => r.Jid).Order());
    }

    [Fact]
    public void Gathered_reports_go_after_a_while_without_an_answer()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3, 4, 5));
        AssertStarts(1, 2);
        Executor.SayEnded(1);
        Report(1, What.Ended);
        Executor.SayEnded(2);
        Assert.Equal([2L], Reports(1, linger: true).Select(r => r.Jid));
    }

    [Fact]
    public void Once_there_is_no_more_to_start_nothing_is_held_back()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        AssertStarts(1, 2);
        Executor.SayEnded(1);
        Report(1, What.Ended);
        Executor.SayEnded(2);
        Report(2, What.Ended);
        Executor.SayEnded(3);
        Report(3, What.Ended);
    }

    [Fact]
    public void Each_segment_gets_its_own()
    {
        Executor.Inventory = new()
        {
            Ended = { ScriptedExecutor.Ended(1), ScriptedExecutor.Ended(5000) },
        };
        StartAgent();
        Assert.Equal([1L, 5000], Reports(2).Select(r => r.Jid).Order());
    }
}
