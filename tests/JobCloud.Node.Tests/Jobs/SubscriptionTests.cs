using Akka.Actor;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

public sealed class SubscriptionTests : SegmentTest
{
    [Fact]
    public void A_subscription_starts_with_current_statuses()
    {
        Ask(Submit(1));
        Ask(Submit(2));
        Ask(Kill(2));
        Tell(Subscribe(1, 4));
        var moved = ExpectMsg<JobsMoved>(Limit);
        Assert.True(moved.Initial);
        Assert.Equal(
            [(1, Protocol.Status.Queued), (2, Protocol.Status.Killed)],
            moved.Runs.Select(run => (run.First, run.Status))
        );
        Assert.Equal([3, 4], moved.Unknown.Select(range => range.First));
    }

    [Fact]
    public void A_subscription_covers_only_the_requested_jobs()
    {
        Ask(Submit(1, count: 9));
        Tell(Subscribe(3, 5));
        ExpectMsg<JobsMoved>(Limit);
        Ask(Kill(1, 2), CreateTestProbe());
        Ask(Kill(1, 4), CreateTestProbe());
        var run = ExpectMsg<JobsMoved>(Limit).Runs.Single();
        Assert.Equal((3, 2, Protocol.Status.Killed), (run.First, run.Count, run.Status));
    }

    [Fact]
    public void An_ended_subscription_gets_no_messages()
    {
        Ask(Submit(1));
        Tell(Subscribe(1, 1));
        ExpectMsg<JobsMoved>(Limit);
        Tell(Subscribe(1, 1, end: true));
        Assert.Equal(1, Ask(Kill(1)).Changed.Changed);
        Settle();
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_subscription_ended_before_its_first_message_gets_none()
    {
        Journal.Tell(new ScriptedJournal.Hold());
        Tell(Submit(1));
        Tell(Subscribe(1, 1));
        Tell(Subscribe(1, 1, end: true));
        Settle();
        Journal.Tell(new ScriptedJournal.ReleaseHeld());
        ExpectMsg<SegmentReply>(Limit);
        Ask(Kill(1));
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_stopped_subscriber_does_not_prevent_passivation()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        var subscriber = CreateTestProbe();
        Tell(Subscribe(1, 1), subscriber);
        subscriber.ExpectMsg<JobsMoved>(Limit);
        Settle();
        Advance(PassivateAfter);
        Settle();
        Lifecycle.ExpectNoMsg(TimeSpan.Zero);

        Watch(subscriber);
        Sys.Stop(subscriber);
        ExpectTerminated(subscriber, Limit);

        AwaitCondition(
            () =>
            {
                Advance(PassivateAfter);
                return Lifecycle.HasMessages;
            },
            Limit
        );
        Lifecycle.ExpectMsg(new TestRegion.PassivationRequested(0));
    }

    private void Ask(SegmentRequest request, Akka.TestKit.TestProbe from)
    {
        Tell(request, from);
        from.ExpectMsg<SegmentReply>(Limit);
    }
}
