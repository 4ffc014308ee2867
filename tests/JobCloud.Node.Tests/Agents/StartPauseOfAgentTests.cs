using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class StartPauseOfAgentTests : AgentTest
{
    private const string Why = "the open file limit is reached (ulimit -n)";

    [Fact]
    public void A_node_that_cannot_start_jobs_for_now_hands_them_back_and_tries_again_later()
    {
        var agent = StartAgent();
        Scheduler.ExpectMsg<NodeOffer>();
        agent.Tell(Order(1, 2, 3), Region);
        AssertStarts(1, 2);

        Executor.Deliver(NotStarted(1), NotStarted(2));

        Assert.Equal(
            [(1, What.NeverStarted), (2, What.NeverStarted), (3, What.NeverStarted)],
            Reports(3).Select(r => (r.Jid, r.WhatCase)).Order()
        );
        Assert.Contains(Why, Scheduler.ExpectMsg<NodeOffer>().NotReady);
        agent.Tell(Order(4), Region);
        Report(4, What.NeverStarted);
        Advance(TimeSpan.FromMilliseconds(StartPause.FirstMs));
        Assert.Equal("", Scheduler.ExpectMsg<NodeOffer>().NotReady);
        agent.Tell(Order(5), Region);
        AssertStarts(1, 2, 5);
    }

    [Fact]
    public void The_executor_forgets_an_attempt_that_it_could_not_start()
    {
        var agent = StartAgent();
        agent.Tell(Order(1), Region);
        AssertStarts(1);
        Executor.Deliver(NotStarted(1));
        Report(1, What.NeverStarted);

        agent.Tell(Accepted(1), Region);

        AwaitAssert(() => Assert.Equal([new(1, 1)], Executor.Accepted));
    }

    private static FromExecutor NotStarted(long jid)
    {
        var ended = ScriptedExecutor.Ended(jid);
        ended.End.Exit = new() { NotStarted = Why };
        ended.Passing = true;
        return new() { Ended = ended };
    }
}
