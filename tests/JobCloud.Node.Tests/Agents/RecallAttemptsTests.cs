using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class RecallAttemptsTests : AgentTest
{
    [Fact]
    public void A_recalled_attempt_never_starts_and_one_that_runs_is_reported_again()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        AssertStarts(1, 2);
        Executor.DeliverStarted(2);
        agent.Tell(
            new RecallAttempts
            {
                Node = "n1",
                Jobs =
                {
                    new JidRange { First = 2, Last = 3 },
                },
            }
        );
        // The second report of a start is the answer: the first one waits for others.
        Assert.Equal(
            [(2L, What.Started), (2L, What.Started), (3L, What.NeverStarted)],
            Reports(3).Select(Of).Order()
        );
        Executor.DeliverEnded(1, 2);
        Reports(2);
        AssertStarts(1, 2);

        static (long, What) Of(AttemptReport report) => (report.Jid, report.WhatCase);
    }
}
