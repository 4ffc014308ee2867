using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

public sealed class NodeAgentTests : AgentTest
{
    [Fact]
    public void A_single_job_is_started_reported_and_accepted_without_a_timer()
    {
        var agent = StartAgent();
        agent.Tell(Order(1), Region);
        AssertStarts(1);
        Executor.DeliverStarted(1);
        Assert.Equal(1001, Report(1, What.Started).Started.Pid);
        Executor.DeliverEnded(1);
        var ended = Report(1, What.Ended).Ended;
        Assert.Equal(
            (3, 11, 5, 9),
            (ended.Exit.Code, ended.Usage.CpuUserUs, ended.StartedAt, ended.EndedAt)
        );
        Assert.Empty(Executor.Accepted);
        agent.Tell(Accepted(1), Region);
        AwaitAssert(() => Assert.Equal([new(1, 1)], Executor.Accepted));
    }

    [Fact]
    public void Processes_that_cannot_be_killed_are_reported_and_the_start_stays_the_last_report()
    {
        var agent = StartAgent();
        agent.Tell(Order(1), Region);
        AssertStarts(1);
        Executor.DeliverStarted(1);
        Report(1, What.Started);

        Executor.Deliver(
            new FromExecutor
            {
                Stuck = new()
                {
                    Jid = 1,
                    Attempt = 1,
                    Why = "process 9 (dd) cannot be killed",
                },
            }
        );

        Assert.Equal(
            "process 9 (dd) cannot be killed",
            Report(1, What.KillOutlived).KillOutlived.Why
        );
        agent.Tell(new CheckAttempts { Node = "n1", Attempts = { Key(1) } }, Region);
        Report(1, What.Started);
    }

    [Fact]
    public void An_attempt_ordered_twice_is_started_once()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(Order(1));
        agent.Tell(Order(2));
        AssertStarts(1, 2);
    }

    [Fact]
    public void Duplicate_executor_messages_are_reported_once()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.DeliverStarted(1, 1);
        Executor.DeliverEnded(1, 1);
        Assert.Equal([What.Started, What.Ended], Reports(2).Select(r => r.WhatCase));
        Region.ExpectNoMsg(Short);
    }

    [Fact]
    public void Waiting_attempts_start_by_urgency()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2));
        AssertStarts(1, 2);
        agent.Tell(OrderSized(cores: 1, priority: 5, 3));
        agent.Tell(OrderSized(cores: 1, priority: 1, 4));
        Executor.DeliverEnded(1);
        AssertStarts(1, 2, 4);
        Executor.DeliverEnded(2);
        AssertStarts(1, 2, 4, 3);
    }

    [Fact]
    public void An_attempt_that_does_not_fit_does_not_block_later_ones()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(OrderSized(cores: 2, priority: 0, 2));
        agent.Tell(OrderSized(cores: 1, priority: 9, 3));
        AssertStarts(1, 3);
        Executor.DeliverEnded(1, 3);
        AssertStarts(1, 3, 2);
    }

    [Fact]
    public void A_waiting_attempt_that_is_stopped_never_starts()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        agent.Tell(Stop(3));
        Report(3, What.NeverStarted);
        Executor.DeliverEnded(1, 2);
        Reports(2);
        AssertStarts(1, 2);
    }

    [Fact]
    public void Stopping_a_running_attempt_passes_its_grace_to_the_executor()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        agent.Tell(Stop(1));
        AwaitAssert(() =>
            Assert.Equal(
                new StopProcess
                {
                    Jid = 1,
                    Attempt = 1,
                    GraceMs = 250,
                },
                Executor.Received.Single(m => m.Stop is not null).Stop
            )
        );
    }

    [Fact]
    public void Stopping_an_unknown_attempt_is_answered_with_unknown()
    {
        StartAgent().Tell(Stop(1));
        Report(1, What.Unknown);
    }

    [Fact]
    public void An_end_is_reported_again_until_it_is_accepted()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        Executor.DeliverEnded(1);
        Report(1, What.Ended);
        Advance(NodeAgentActor.ReportRetry);
        Advance(NodeAgentActor.ReportRetry);
        Report(1, What.Ended);
        Advance(NodeAgentActor.ReportRetry);
        Report(1, What.Ended);
        agent.Tell(Accepted(1));
        AwaitAssert(() => Assert.Single(Executor.Accepted));
        Advance(NodeAgentActor.ReportRetry);
        Region.ExpectNoMsg(Short);
    }

    [Fact]
    public void A_check_repeats_the_last_report_of_each_attempt()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2, 3));
        AssertStarts(1, 2);
        Executor.DeliverStarted(1, 2);
        Executor.DeliverEnded(1);
        Reports(3);
        AssertStarts(1, 2, 3);
        agent.Tell(Order(4));
        agent.Tell(
            new CheckAttempts { Node = "n1", Attempts = { new[] { 1L, 2, 3, 4, 5 }.Select(Key) } }
        );
        Assert.Equal(
            [(1, What.Ended), (2, What.Started), (5, What.Unknown)],
            Reports(3, linger: true).Select(r => (r.Jid, r.WhatCase))
        );
    }

    [Fact]
    public void A_request_to_forget_is_passed_on_to_the_executor()
    {
        StartAgent().Tell(new ForgetJobs { Node = "n1", Attempts = { Key(4) } });
        AwaitAssert(() =>
            Assert.Equal(4, Executor.Received.Single(m => m.Forget is not null).Forget.Jid)
        );
    }

    [Fact]
    public void An_invalid_command_ends_its_job_with_the_reason()
    {
        var order = Order(1);
        var spec = order.Groups[0].Spec;
        (spec.Command, spec.Argv) = ("cat 'unterminated", true);
        spec.Data.Add(new Parameter { Name = "a", Value = "1" });
        StartAgent().Tell(order);
        Assert.Contains(
            "Unterminated quote",
            Report(1, What.Ended).Ended.Exit.NotStarted,
            StringComparison.Ordinal
        );
        AssertStarts();
    }

    [Fact]
    public void A_draining_node_hands_back_waiting_and_new_attempts()
    {
        var agent = StartAgent();
        Assert.False(Scheduler.ExpectMsg<NodeOffer>().Draining);
        agent.Tell(Order(1, 2, 3));
        agent.Tell(new DrainRequest { Node = "n1", Reason = "disk" });
        Report(3, What.NeverStarted);
        var offer = Scheduler.ExpectMsg<NodeOffer>();
        Assert.Equal((true, "disk"), (offer.Draining, offer.Reason));
        agent.Tell(Order(4));
        Report(4, What.NeverStarted);
        agent.Tell(new DrainRequest { Node = "n1", Undrain = true });
        Assert.False(Scheduler.ExpectMsg<NodeOffer>().Draining);
        Executor.DeliverEnded(1, 2);
        Reports(2);
        agent.Tell(Order(5));
        AssertStarts(1, 2, 5);
    }

    [Fact]
    public void A_drain_evicts_running_attempts_at_its_deadline()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2));
        AssertStarts(1, 2);
        agent.Tell(new DrainRequest { Node = "n1", DeadlineMs = 60_000 });
        Executor.DeliverEnded(1);
        Assert.False(Report(1, What.Ended).Evicted);
        Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(Executor.Stops);
        Advance(TimeSpan.FromSeconds(1));
        AwaitAssert(() => Assert.Equal(2, Assert.Single(Executor.Stops).Jid));
        Executor.DeliverEnded(2);
        Assert.True(Report(2, What.Ended).Evicted);
    }

    [Fact]
    public void A_forced_drain_evicts_at_once_and_an_undrain_cancels_a_deadline()
    {
        var agent = StartAgent();
        agent.Tell(Order(1, 2));
        AssertStarts(1, 2);
        agent.Tell(new DrainRequest { Node = "n1", DeadlineMs = 1_000 });
        agent.Tell(new DrainRequest { Node = "n1", Undrain = true });
        Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(Executor.Stops);
        agent.Tell(new DrainRequest { Node = "n1", Force = true });
        AwaitAssert(() => Assert.Equal(2, Executor.Stops.Count));
    }

    [Fact]
    public void Attempts_beyond_the_backlog_limit_are_handed_back()
    {
        Settings = Settings with { BacklogMax = 3 };
        StartAgent().Tell(Order(1, 2, 3, 4));
        Report(4, What.NeverStarted);
        AssertStarts(1, 2);
    }

    [Fact]
    public void An_offer_is_sent_at_the_start_and_periodically()
    {
        StartAgent();
        var offer = Scheduler.ExpectMsg<NodeOffer>();
        Assert.Equal(
            ("n1", 2, "cgroup v2", 7),
            (offer.Node, offer.Capacity.Cores, offer.Limits, offer.ExecutorPid)
        );
        Assert.Equal(offer.Since, offer.Session);
        Advance(Settings.OfferInterval);
        Assert.Equal(offer, Scheduler.ExpectMsg<NodeOffer>());
    }

    [Fact]
    public void Concurrent_usage_questions_share_one_request()
    {
        var agent = StartAgent();
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        agent.Tell(new ReadUsage { Attempts = { Key(1) } }, first);
        agent.Tell(new ReadUsage { Attempts = { Key(1), Key(2) } }, first);
        agent.Tell(new ReadUsage { Attempts = { Key(2), Key(3) } }, second);
        AwaitAssert(() => Assert.Single(Executor.Received, m => m.Usages is not null));
        Executor.Deliver(Used(1, 1));
        Assert.Single(first.ExpectMsg<UsageRead>().Usages);
        AwaitAssert(() => Assert.Equal(2, Executor.Received.Count(m => m.Usages is not null)));
        Assert.Equal([1L, 2, 3], Executor.Received.Last(m => m.Usages is not null).Usages.Jids);
        Executor.Deliver(Used(2, 1, 2));
        Assert.Equal([1L, 2], first.ExpectMsg<UsageRead>().Usages.Select(u => u.Jid));
        Assert.Equal([2L], second.ExpectMsg<UsageRead>().Usages.Select(u => u.Jid));
    }

    [Fact]
    public void Output_questions_are_answered_by_the_agent()
    {
        var agent = StartAgent();
        agent.Tell(Order(1));
        AssertStarts(1);
        agent.Tell(new ReadOutput { Jid = 1, Attempt = 1 }, TestActor);
        Assert.False(ExpectMsg<OutputRead>().Ended);
        agent.Tell(
            new ReadOutput
            {
                Jid = 1,
                Attempt = 1,
                Wait = true,
            },
            TestActor
        );
        Executor.DeliverEnded(1);
        Assert.True(ExpectMsg<OutputRead>().Ended);
        agent.Tell(new ReadOutput { Jid = 9, Attempt = 1 }, TestActor);
        Assert.True(ExpectMsg<OutputRead>().Missing);
    }

    private static StopAttempts Stop(long jid) =>
        new()
        {
            Node = "n1",
            Attempts =
            {
                new StopAttempt
                {
                    Jid = jid,
                    Attempt = 1,
                    GraceMs = 250,
                },
            },
        };

    private static FromExecutor Used(long request, params long[] jids) =>
        new()
        {
            Usages = new Usages
            {
                Request = request,
                Processes = { jids.Select(jid => new ProcessUsage { Jid = jid, Attempt = 1 }) },
            },
        };
}
