using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

public sealed class CommitTests : SegmentTest
{
    [Fact]
    public void A_job_is_not_announced_before_commit()
    {
        Ask(Read(1));
        Next<SegmentUpdate>(Scheduler, update => update.Full);
        Next<SliceRows>(Index);
        var subscriber = CreateTestProbe();

        Journal.Tell(new ScriptedJournal.Hold());
        Tell(Submit(1));
        Tell(Subscribe(1, 1), subscriber);
        Tell(Read(1));
        Settle();

        foreach (var probe in new[] { Scheduler, Index, Agents, subscriber })
            probe.ExpectNoMsg(TimeSpan.Zero);
        ExpectNoMsg(TimeSpan.Zero);

        Journal.Tell(new ScriptedJournal.ReleaseHeld());

        Assert.Equal(1, ExpectMsg<SegmentReply>(Limit).Submitted.First);
        Assert.Equal(
            Protocol.Status.Queued,
            ExpectMsg<SegmentReply>(Limit).Jobs.Runs.Single().Status
        );
        Assert.Equal(1, Next<SegmentUpdate>(Scheduler).Runnable.Single().First);
        Assert.Equal(1, Next<SliceRows>(Index).Rows.Single().Row.First);
        Assert.Equal(1, Next<JobsMoved>(subscriber).Runs.Single().First);
    }

    [Fact]
    public void A_subscriber_gets_no_message_of_a_failed_commit()
    {
        Ask(Read(1));
        var subscriber = CreateTestProbe();
        Journal.Tell(new ScriptedJournal.Hold());
        Tell(Submit(1));
        Tell(Submit(2));
        Tell(Subscribe(1, 2), subscriber);
        Settle();
        Journal.Tell(new ScriptedJournal.FailNext(new IOException("disk full")));
        Journal.Tell(new ScriptedJournal.ReleaseHeld());
        Lifecycle.ExpectMsg(new TestRegion.SegmentStopped(0), Limit);
        subscriber.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Requests_during_a_write_become_one_row()
    {
        Journal.Tell(new ScriptedJournal.Hold());
        for (var jid = 1; jid <= 100; jid++)
            Tell(Submit(jid));
        Settle();
        Journal.Tell(new ScriptedJournal.ReleaseHeld());
        for (var jid = 1; jid <= 100; jid++)
            Assert.Equal(jid, ExpectMsg<SegmentReply>(Limit).Submitted.First);
        Assert.Equal([1, 99], Rows().Select(row => row.Events.Count));
    }

    [Fact]
    public void A_failed_write_changes_nothing_and_can_be_retried()
    {
        Ask(Submit(1));
        Journal.Tell(new ScriptedJournal.Hold());
        Tell(Submit(2));
        Tell(Submit(3));
        Tell(Read(1));
        Settle();

        Journal.Tell(new ScriptedJournal.FailHeld(new IOException("disk full")));

        for (var i = 0; i < 3; i++)
        {
            var refusal = ExpectMsg<SegmentReply>(Limit).Refusal;
            Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
            Assert.Contains("Nothing was changed", refusal.Message);
        }
        Lifecycle.ExpectMsg(new TestRegion.SegmentStopped(0), Limit);
        Assert.Equal(1, Highest());
        Assert.Equal(2, Ask(Submit(2)).Submitted.First);
    }

    [Fact]
    public void A_timed_out_write_is_refused_with_unknown_outcome()
    {
        Journal.Tell(new ScriptedJournal.FailNext(new TimeoutException()));
        var refusal = Ask(Submit(1)).Refusal;
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.Contains("The outcome is unknown", refusal.Message);
    }

    [Fact]
    public void A_rejected_row_stops_the_segment_and_notifies_its_subscribers()
    {
        Ask(Submit(1));
        Tell(Subscribe(1, 1));
        ExpectMsg<JobsMoved>(Limit);
        Watch(LastSender);

        Journal.Tell(new ScriptedJournal.Reject());

        Assert.Equal(RefusalCode.StoreUnavailable, Ask(Submit(2)).Refusal.Code);
        ExpectMsg<Terminated>(Limit);
        Lifecycle.ExpectMsg(new TestRegion.SegmentStopped(0), Limit);
        Assert.Equal(2, Ask(Submit(2)).Submitted.First);
    }

    [Fact]
    public void A_slice_after_a_lost_one_is_refused()
    {
        Ask(Submit(1));
        Assert.Equal(RefusalCode.StoreUnavailable, Ask(Submit(3)).Refusal.Code);
        Assert.Equal(1, Highest());
    }

    [Fact]
    public void A_repeated_slice_is_accepted_once_and_a_conflicting_one_is_refused()
    {
        Ask(Submit(1));
        Assert.Equal(1, Ask(Submit(1)).Submitted.First);
        Assert.Equal(RefusalCode.Busy, Ask(Submit(1, owner: "bob")).Refusal.Code);
        Assert.Single(Rows());
    }

    private long Highest() => Ask(new SegmentRequest { Highest = new HighestJid() }).Highest.Jid;
}
