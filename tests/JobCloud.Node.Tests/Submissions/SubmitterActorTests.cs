using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Tests.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Submissions;

public sealed class SubmitterActorTests : SubmitterTest
{
    [Fact]
    public void Jids_are_consecutive_over_many_segments()
    {
        var submitter = Start();
        var next = 1L;
        foreach (var count in new[] { 1, 2, 1000, 30, 1, 1023, 5, 2048, 1 })
        {
            Assert.Equal(new JobsSubmitted(next, next + count - 1), Submit(submitter, count));
            next += count;
        }
    }

    [Fact]
    public void Concurrent_submissions_get_jids_in_order()
    {
        var submitter = Start();
        for (var i = 1; i <= 900; i++)
            submitter.Tell(Jobs(2), TestActor);
        for (var i = 1; i <= 900; i++)
            Assert.Equal(new JobsSubmitted(2 * i - 1, 2 * i), ExpectMsg<JobsSubmitted>(Limit));
    }

    [Fact]
    public void Jids_continue_after_a_restart()
    {
        var submitter = Start();
        Submit(submitter, 3);
        submitter = Restart(submitter);
        Assert.Equal(4, Submit(submitter).First);
        Submit(submitter, 1500);
        submitter = Restart(submitter);
        Assert.Equal(1505, Submit(submitter).First);
        Assert.DoesNotContain(Sent(), sent => sent.Contains("void"));
    }

    [Fact]
    public async Task Each_job_of_a_map_has_its_own_parameters_in_every_segment()
    {
        Submit(Start(), 2500);
        foreach (var jid in new long[] { 1, 1023, 1024, 2048, 2500 })
            Assert.Equal($"echo {jid - 1}", (await ReadAsync(jid)).Details.Single().Command);
    }

    [Fact]
    public void A_map_sends_its_held_slices_then_its_head_then_releases_them()
    {
        var submitter = Start();
        Submit(submitter, 2500);
        Submit(submitter);
        Assert.Equal(
            [
                "1:1024+1024 held",
                "2:2048+453 held",
                "0:1+1023",
                "1:release 1",
                "2:release 1",
                "2:2501+1",
            ],
            Sent()
        );
    }

    [Fact]
    public async Task No_submission_shares_a_segment_with_an_uncommitted_map()
    {
        Delivers = request => request.Submit is not { First: 1 };
        var submitter = Start();
        submitter.Tell(Jobs(1500), TestActor);
        submitter.Tell(Jobs(), TestActor);
        Requests.FishForMessage(m => m is SegmentRequest { Submit.First: 1 }, Limit);
        await submitter.Ask<ActorIdentity>(new Identify(null), Limit);
        Assert.Empty(Sent());

        Delivers = _ => true;
        submitter = Restart(submitter);

        Assert.Equal(1, Submit(submitter, 1400).First);
        Assert.Equal("1:void 1", Sent()[0]);
    }

    [Fact]
    public async Task A_committed_map_is_not_voided_even_if_its_held_slices_were_never_released()
    {
        Delivers = request => request.Release is null;
        var submitter = Start();
        Submit(submitter, 1500);
        submitter = Restart(submitter);
        Assert.Equal(1501, Submit(submitter).First);
        Assert.Single((await ReadAsync(1500)).Details);
    }

    [Fact]
    public void A_held_slice_is_not_voided_while_the_state_of_its_head_is_unknown()
    {
        Delivers = request => request.Release is null;
        var submitter = Start();
        Submit(submitter, 1500);
        Lifecycle.ReceiveWhile<object>(TimeSpan.Zero, m => m);
        var reads = 0;
        ReplyInstead = request =>
            request is { Segment: 0, Read: not null } && ++reads < 3
                ? new SegmentReply
                {
                    Refusal = Refusals.Of(
                        RefusalCode.StoreUnavailable,
                        new Jid(0),
                        "The store is unavailable."
                    ),
                }
                : null;

        submitter = Restart(submitter);

        Assert.Equal(1501, Submit(submitter).First);
        Assert.Equal(3, reads);
        Assert.DoesNotContain(Sent(), sent => sent.Contains("void"));
    }

    [Fact]
    public void A_failed_read_of_the_store_at_start_is_retried()
    {
        var submitter = Start();
        Submit(submitter, 5);
        var calls = 0;
        Heads = () => ++calls < 3 ? throw new InvalidOperationException("locked") : HeadsAsync();
        Assert.Equal(6, Submit(Restart(submitter)).First);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Concurrent_submissions_with_one_request_id_are_one()
    {
        var submitter = Start();
        Submit(submitter);
        Journal.Tell(new ScriptedJournal.Hold());
        var (again, bob) = (CreateTestProbe(), CreateTestProbe());
        submitter.Tell(Jobs(requestId: "t"), TestActor);
        submitter.Tell(Jobs(requestId: "t"), again);
        submitter.Tell(Jobs(requestId: "t", owner: "bob"), bob);
        Requests.FishForMessage(m => m is SegmentRequest { Submit.First: 3 }, Limit);
        Journal.Tell(new ScriptedJournal.ReleaseHeld());
        var first = ExpectMsg<JobsSubmitted>(Limit).First;
        Assert.Equal(first, again.ExpectMsg<JobsSubmitted>(Limit).First);
        Assert.Equal([2, 3], new[] { first, bob.ExpectMsg<JobsSubmitted>(Limit).First }.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Submissions_above_the_limit_are_refused_as_busy(bool found)
    {
        MaxInFlight = 2;
        Heads = found ? null : () => new TaskCompletionSource<IReadOnlyList<long>>().Task;
        Delivers = request => request.Submit is null;
        var submitter = Start();
        for (var i = 0; i < 3; i++)
            submitter.Tell(Jobs(), TestActor);
        var refusal = ExpectMsg<JobsSubmitted>(Limit).Refusal!;
        Assert.Equal(RefusalCode.Busy, refusal.Code);
        Assert.Contains("2 submissions are already in progress", refusal.Message);
    }

    [Fact]
    public void A_failed_write_refuses_all_waiting_submissions_and_leaves_no_gap()
    {
        var submitter = Start();
        Submit(submitter);
        Journal.Tell(new ScriptedJournal.Hold());
        for (var i = 0; i < 5; i++)
            submitter.Tell(Jobs(), TestActor);
        Requests.FishForMessage(m => m is SegmentRequest { Submit.First: 6 }, Limit);
        // A slice that a segment has not handled when it stops is lost and refused only after the
        // time limit.
        AwaitArrival();
        Journal.Tell(new ScriptedJournal.FailHeld(new IOException("disk full")));
        for (var i = 0; i < 5; i++)
            Assert.Equal(
                RefusalCode.StoreUnavailable,
                ExpectMsg<JobsSubmitted>(Limit).Refusal!.Code
            );
        Lifecycle.ExpectMsg(new TestRegion.SegmentStopped(0), Limit);
        Assert.Equal(2, Submit(submitter).First);
    }

    [Fact]
    public async Task A_map_whose_head_is_refused_leaves_no_jobs()
    {
        var submitter = Start();
        Submit(submitter, 1000);
        ReplyInstead = request =>
            request.Submit is { First: 1001 }
                ? new SegmentReply
                {
                    Refusal = Refusals.Of(
                        RefusalCode.StoreUnavailable,
                        new Jid(0),
                        "The store is unavailable."
                    ),
                }
                : null;
        Assert.Equal("The store is unavailable.", Submit(submitter, 100).Refusal!.Message);
        ReplyInstead = _ => null;
        Assert.Equal(new JobsSubmitted(1001, 1003), Submit(submitter, 3));
        Assert.Empty((await ReadAsync(1100)).Details);
    }

    [Fact]
    public void A_lost_slice_is_refused_after_the_time_limit_and_its_jids_are_reused()
    {
        Timeout = TimeSpan.FromMilliseconds(200);
        Delivers = request => request.Submit is null;
        var submitter = Start();
        submitter.Tell(Jobs(3), TestActor);
        Requests.FishForMessage(m => m is SegmentRequest { Submit.First: 1 }, Limit);
        Clock.Advance(Timeout * 2);
        var refusal = ExpectMsg<JobsSubmitted>(Limit).Refusal!;
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.Contains("may or may not have been submitted", refusal.Message);
        Delivers = _ => true;
        Assert.Equal(new JobsSubmitted(1, 3), Submit(submitter, 3));
    }

    [Fact]
    public async Task A_slice_committed_late_keeps_its_jids()
    {
        Timeout = TimeSpan.FromSeconds(1);
        var submitter = Start();
        // Hold writes only now: the allocator's row must not be held.
        ReplyInstead = request =>
        {
            if (request.Submit is { First: 1 })
                Journal.Tell(new ScriptedJournal.Hold());
            return null;
        };
        submitter.Tell(Jobs(2), TestActor);
        Requests.FishForMessage(m => m is SegmentRequest { Submit.First: 1 }, Limit);
        Clock.Advance(Timeout * 2);
        Assert.NotNull(ExpectMsg<JobsSubmitted>(Limit).Refusal);
        ReplyInstead = _ => null;
        submitter.Tell(Jobs(), TestActor);
        Requests.FishForMessage(m => m is SegmentRequest { Highest: not null }, Limit);

        Journal.Tell(new ScriptedJournal.ReleaseHeld());

        Assert.Equal(3, ExpectMsg<JobsSubmitted>(Limit).First);
        Assert.Single((await ReadAsync(2)).Details);
    }

    [Fact]
    public void A_used_request_id_returns_the_earlier_jobs()
    {
        EarlierJobs = find => find is { RequestId: "again", Owner: "ann" } ? new(3, 5) : new(0, 0);
        var submitter = Start();
        Assert.Equal(new JobsSubmitted(3, 5), Submit(submitter, requestId: "again"));
        Assert.Empty(Sent());
        Assert.Equal(new JobsSubmitted(1, 1), Submit(submitter, requestId: "new"));
    }

    [Fact]
    public async Task A_request_id_is_looked_up_only_after_recovery()
    {
        var known = new TaskCompletionSource<IReadOnlyList<long>>();
        var index = CreateTestProbe();
        Submit(Start());
        Heads = () => known.Task;
        EarlierJobs = find =>
        {
            index.Tell(find);
            return new(1, 1);
        };
        var submitter = Start();
        submitter.Tell(Jobs(requestId: "t"), TestActor);
        await submitter.Ask<ActorIdentity>(new Identify(null), Limit);
        Assert.False(index.HasMessages);
        known.SetResult([0]);
        Assert.Equal(new JobsSubmitted(1, 1), ExpectMsg<JobsSubmitted>(Limit));
        Assert.Equal("t", index.ExpectMsg<FindRequest>(Limit).RequestId);
    }

    [Fact]
    public void A_failed_lookup_is_reported_and_the_request_id_can_be_reused()
    {
        var fails = true;
        EarlierJobs = _ => fails ? null : new(0, 0);
        ClaimWithin = TimeSpan.FromSeconds(1);
        var submitter = Start();
        submitter.Tell(Jobs(requestId: "t"), TestActor);
        ExpectMsg<Akka.Actor.Status.Failure>(Limit);
        fails = false;
        Assert.Equal(1, Submit(submitter, requestId: "t").First);
    }

    [Fact]
    public void A_submission_with_an_expired_claim_is_not_sent()
    {
        EarlierJobs = _ =>
        {
            Clock.Advance(2 * Limit);
            return new(0, 0);
        };
        Assert.Equal(RefusalCode.Busy, Submit(Start(), requestId: "t").Refusal!.Code);
        Assert.Empty(Sent());
    }
}
