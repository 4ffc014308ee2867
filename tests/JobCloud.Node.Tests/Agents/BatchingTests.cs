using Akka.Actor;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class BatchingTests : AgentTest
{
    [Fact]
    public void Reports_gather_while_attempts_wait()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3, 4, 5, 6));
        AssertStarts(1, 2);
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        Executor.DeliverEnded(2);
        AssertStarts(1, 2, 3, 4);
        Executor.DeliverEnded(3);
        Region.ExpectNoMsg(Short);
        Assert.Equal([2L, 3], Reports(2, linger: true).Select(r => r.Jid));
    }

    [Fact]
    public void A_start_is_reported_with_the_next_end_while_attempts_wait()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3, 4));
        AssertStarts(1, 2);
        Executor.DeliverStarted(1, 2);
        Region.ExpectNoMsg(Short);
        Executor.DeliverEnded(1);
        Assert.Equal([1L, 1, 2], Reports(3).Select(r => r.Jid).Order());
    }

    [Fact]
    public void Gathered_reports_are_sent_after_the_linger_time()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3, 4, 5));
        AssertStarts(1, 2);
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        Executor.DeliverEnded(2);
        Assert.Equal([2L], Reports(1, linger: true).Select(r => r.Jid));
    }

    [Fact]
    public void Reports_are_sent_at_once_when_no_attempts_wait()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        AssertStarts(1, 2);
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        Executor.DeliverEnded(2);
        Report(2, What.Ended);
        Executor.DeliverEnded(3);
        Report(3, What.Ended);
    }

    [Fact]
    public void Each_segment_gets_its_own_reports()
    {
        Executor.Inventory = new()
        {
            Ended = { ScriptedExecutor.Ended(1), ScriptedExecutor.Ended(5000) },
        };
        StartAgent();
        Assert.Equal([1L, 5000], Reports(2).Select(r => r.Jid).Order());
    }
}
