using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

/// <summary>An exception in the agent affects at most the attempt that it concerns.</summary>
public sealed class FailureTests : AgentTest
{
    [Fact]
    public void A_start_that_cannot_be_prepared_ends_only_its_own_job()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(TooLong(2));
        agent.Tell(Order(3));
        var refused = Report(2, What.Ended).Ended.Exit.NotStarted;
        Assert.Contains("could not prepare", refused, StringComparison.Ordinal);
        AssertStarts(1, 3);
        Executor.DeliverEnded(1, 3);
        Assert.Equal([1L, 3], Reports(2).Select(r => r.Jid));
    }

    [Fact]
    public void A_restarted_agent_adopts_running_attempts_and_starts_none_twice()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.DeliverStarted(1);
        Report(1, What.Started);
        FailOnce(message => message.Start is not null);
        Executor.Inventory = new() { Running = { ScriptedExecutor.Started(1) } };
        agent.Tell(Order(2));
        Assert.Equal(1, Report(1, What.Started).Jid);
        agent.Tell(Order(1));
        agent.Tell(Order(3));
        AssertStarts(1, 3);
        agent.Tell(Order(4));
        AssertStarts(1, 3);
        Executor.DeliverEnded(1);
        AssertStarts(1, 3, 4);
    }

    [Fact]
    public void A_restarted_agent_reports_unaccepted_ends_again()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        FailOnce(message => message.Accept is not null);
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        Executor.Inventory = new() { Ended = { ScriptedExecutor.Ended(1) } };
        agent.Tell(Accepted(1));
        Report(1, What.Ended);
        agent.Tell(Accepted(1));
        AwaitAssert(() => Assert.Equal([new(1, 1)], Executor.Accepted));
    }

    [Fact]
    public void A_restarted_agent_does_not_know_attempts_that_never_started()
    {
        var agent = StartAgent();
        var first = Scheduler.ExpectMsg<NodeOffer>();
        agent.Tell(Order(1, 2));
        AssertStarts(1, 2);
        agent.Tell(Order(3));
        Clock.Now += TimeSpan.FromSeconds(1);
        FailOnce(message => message.Stop is not null);
        Executor.Inventory = new()
        {
            Running = { ScriptedExecutor.Started(1), ScriptedExecutor.Started(2) },
        };
        agent.Tell(
            new StopAttempts
            {
                Attempts =
                {
                    new StopAttempt { Jid = 2, Attempt = 1 },
                },
            }
        );
        Assert.True(Scheduler.ExpectMsg<NodeOffer>().Session > first.Session);
        agent.Tell(new CheckAttempts { Attempts = { Key(1), Key(2), Key(3) } });
        var reported = new Dictionary<long, What>();
        AwaitCondition(() =>
        {
            foreach (var report in Region.ExpectMsg<SegmentRequest>().Reports.Reports)
                reported[report.Jid] = report.WhatCase;
            return reported.Count == 3;
        });
        Assert.Equal(
            (What.Started, What.Started, What.Unknown),
            (reported[1], reported[2], reported[3])
        );
        AssertStarts(1, 2);
    }

    private void FailOnce(Func<ToExecutor, bool> which) => Executor.Fails = which;

    // With its parameters inserted, the command would exceed the maximum string length.
    private static StartAttempts TooLong(long jid)
    {
        var order = Order(jid);
        var spec = order.Groups[0].Spec;
        spec.Command = string.Concat(Enumerable.Repeat("{a}", 70_000));
        spec.Data.Add(new Parameter { Name = "a", Value = new string('x', 40_000) });
        return order;
    }
}
