using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

public sealed class SegmentActorTests : SegmentTest
{
    [Fact]
    public void An_assignment_starts_attempts_on_the_node()
    {
        Ask(Submit(1, count: 3));
        Tell(Assign(1, 2));
        var start = Next<StartAttempts>(Agents);
        Assert.Equal("n1", start.Node);
        Assert.Equal(
            [(1, 1), (2, 1)],
            start.Groups.Single().Orders.Select(o => (o.Jid, o.Attempt))
        );
        Assert.Equal(
            [1, 2],
            Next<SegmentUpdate>(Scheduler, u => u.Active.Count > 0).Active.Select(a => a.Jid)
        );
    }

    [Fact]
    public void A_late_assignment_starts_nothing_and_is_reported_to_the_scheduler()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        Next<SegmentUpdate>(Scheduler, update => update.Withdrawn.Count > 0);
        Tell(Assign(1));
        Assert.Equal(1, Next<SegmentUpdate>(Scheduler).Withdrawn.Single().First);
        Agents.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void An_end_is_acknowledged_after_commit_and_again_when_repeated()
    {
        Ask(Submit(1));
        Tell(Assign(1));
        Next<StartAttempts>(Agents);
        Journal.Tell(new ScriptedJournal.Hold());
        Tell(Report(Ended(1)));
        Settle();
        Agents.ExpectNoMsg(TimeSpan.Zero);
        Journal.Tell(new ScriptedJournal.ReleaseHeld());
        AssertAccepted(1, 1);
        Tell(Report(Ended(1)));
        AssertAccepted(1, 1);
        Assert.Equal(3, Rows().Length);
    }

    [Fact]
    public void A_report_of_an_unknown_attempt_is_acknowledged_and_ignored()
    {
        Ask(Submit(1));
        Tell(Report(Ended(1, attempt: 7)));
        AssertAccepted(1, 7);
        Tell(Report(Ended(9)));
        AssertAccepted(9, 1);
        Assert.Single(Rows());
    }

    [Fact]
    public void An_attempt_that_never_started_is_acknowledged_and_its_job_queued_again()
    {
        Ask(Submit(1));
        Tell(Assign(1));
        Tell(
            Report(
                new AttemptReport
                {
                    Jid = 1,
                    Attempt = 1,
                    NeverStarted = new NeverStarted(),
                }
            )
        );
        AssertAccepted(1, 1);
        Tell(Assign(1, node: "n2"));
        Assert.Equal("n2", Next<StartAttempts>(Agents).Node);
    }

    [Fact]
    public void A_running_stale_attempt_is_stopped()
    {
        Ask(Submit(1));
        Tell(
            Report(
                new AttemptReport
                {
                    Jid = 1,
                    Attempt = 1,
                    Started = new AttemptStart { Pid = 7, StartedAt = 5 },
                }
            )
        );
        Assert.Equal(1, Next<StopAttempts>(Agents).Attempts.Single().Jid);
    }

    [Fact]
    public void A_held_slice_is_queued_once_released()
    {
        Ask(Submit(1024, 2, submission: 1000, last: 1025));
        Tell(Assign(1024));
        Settle(1);
        Assert.Empty(Next<SegmentUpdate>(Scheduler).Runnable);
        Scheduler.ExpectNoMsg(TimeSpan.Zero);
        Agents.ExpectNoMsg(TimeSpan.Zero);
        Tell(
            new SegmentRequest
            {
                Segment = 1,
                Release = new ReleaseSubmission { SubmissionFirst = 1000 },
            }
        );
        Assert.Equal(
            2,
            Next<SegmentUpdate>(Scheduler, u => u.Runnable.Count > 0).Runnable[0].Count
        );
    }

    [Fact]
    public void A_held_slice_asks_for_its_head_until_it_is_committed()
    {
        Ask(Submit(1, 1022));
        Ask(Submit(1024, 2, submission: 1023, last: 1025));
        Stop(1);
        Ask(Read(1024));
        Settle(0);
        Settle(1);
        Drain(Scheduler);

        Ask(Submit(1023, 1, submission: 1023, last: 1025));
        Advance(CheckInterval);

        var released = Next<SegmentUpdate>(
            Scheduler,
            u => u is { Segment: 1, Runnable.Count: > 0 }
        );
        Assert.Equal((1024, 2), (released.Runnable[0].First, released.Runnable[0].Count));
    }

    [Fact]
    public void An_unused_finished_segment_passivates_and_recovers_on_request()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        Settle();
        // The segment's own checks do not count as use.
        for (var passed = TimeSpan.Zero; passed < PassivateAfter; passed += CheckInterval)
        {
            Lifecycle.ExpectNoMsg(TimeSpan.Zero);
            Advance(CheckInterval);
            Settle();
        }
        Lifecycle.ExpectMsg(new TestRegion.PassivationRequested(0), Limit);
        Lifecycle.ExpectMsg(new TestRegion.SegmentStopped(0), Limit);
        Assert.Equal(Protocol.Status.Killed, Ask(Read(1)).Jobs.Runs.Single().Status);
    }

    [Fact]
    public void An_unfinished_segment_stays_in_memory()
    {
        Ask(Submit(1));
        Settle();
        Advance(PassivateAfter);
        Settle();
        Lifecycle.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Only_the_owner_and_an_admin_may_make_an_owner_only_read()
    {
        Ask(Submit(1));
        var request = Read(1);
        request.By = "bob";
        Assert.Single(Ask(request).Jobs.Runs);
        request.Read.OwnOnly = true;
        Assert.Equal(RefusalCode.NotAllowed, Ask(request).Refusal.Code);
        request.Admin = true;
        Assert.Single(Ask(request).Jobs.Runs);
    }

    private void AssertAccepted(long jid, int attempt)
    {
        var accepted = Next<ReportsAccepted>(Agents);
        Assert.Equal("n1", accepted.Node);
        Assert.Equal(new AttemptKey { Jid = jid, Attempt = attempt }, accepted.Ended.Single());
    }
}
