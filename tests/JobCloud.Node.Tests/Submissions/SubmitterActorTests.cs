using Akka.Actor;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Tests.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Submissions;

public sealed class SubmitterActorTests : SubmitterTest
{
    [Fact]
    public void Jobs_are_numbered_one_after_the_other_over_many_segments()
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
    public void Many_at_once_are_numbered_in_their_order()
    {
        var submitter = Start();
        for (var i = 1; i <= 900; i++)
            submitter.Tell(Jobs(2), TestActor);
        for (var i = 1; i <= 900; i++)
            Assert.Equal(new JobsSubmitted(2 * i - 1, 2 * i), ExpectMsg<JobsSubmitted>(Limit));
    }

    [Fact]
    public void After_a_restart_the_numbers_go_on()
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
    public void The_tails_of_a_map_come_first_then_its_head_then_they_are_released()
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
    public async Task Nothing_joins_a_map_over_segments_that_is_under_way()
    {
        Passes = request => request.Submit is not { First: 1 };
        var submitter = Start();
        submitter.Tell(Jobs(1500), TestActor);
        submitter.Tell(Jobs(), TestActor);
        Seen.FishForMessage(m => m is SegmentRequest { Submit.First: 1 }, Limit);
        await submitter.Ask<ActorIdentity>(new Identify(null), Limit);
        Assert.Empty(Sent());

        Passes = _ => true;
        submitter = Restart(submitter);

        Assert.Equal(1, Submit(submitter, 1400).First);
        Assert.Equal("1:void 1", Sent()[0]);
    }

    [Fact]
    public async Task A_map_that_stands_is_not_voided_even_if_its_tail_was_never_released()
    {
        Passes = request => request.Release is null;
        var submitter = Start();
        Submit(submitter, 1500);
        submitter = Restart(submitter);
        Assert.Equal(1501, Submit(submitter).First);
        Assert.Single((await ReadAsync(1500)).Details);
    }

    [Fact]
    public void While_it_is_not_known_whether_a_head_stands_its_tail_is_left_alone()
    {
        Passes = request => request.Release is null;
        var submitter = Start();
        Submit(submitter, 1500);
        Life.ReceiveWhile<object>(TimeSpan.Zero, m => m);
        var asked = 0;
        Wrong = request =>
            request is { Segment: 0, Read: not null } && ++asked < 3
                ? new SegmentReply
                {
                    Refusal = Refusals.Of(RefusalCode.StoreUnavailable, 0, "The store is away."),
                }
                : null;

        submitter = Restart(submitter);

        Assert.Equal(1501, Submit(submitter).First);
        Assert.Equal(3, asked);
        Assert.DoesNotContain(Sent(), sent => sent.Contains("void"));
    }

    [Fact]
    public void A_store_that_cannot_be_asked_at_the_start_is_asked_again()
    {
        var submitter = Start();
        Submit(submitter, 5);
        var calls = 0;
        Heads = () => ++calls < 3 ? throw new InvalidOperationException("locked") : HeadsAsync();
        Assert.Equal(6, Submit(Restart(submitter)).First);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void The_same_token_in_flight_twice_is_one_submission()
    {
        var submitter = Start();
        Submit(submitter);
        Journal.Tell(new HeldJournal.Hold());
        var (again, bob) = (CreateTestProbe(), CreateTestProbe());
        submitter.Tell(Jobs(token: "t"), TestActor);
        submitter.Tell(Jobs(token: "t"), again);
        submitter.Tell(Jobs(token: "t", owner: "bob"), bob);
        Seen.FishForMessage(m => m is SegmentRequest { Submit.First: 3 }, Limit);
        Journal.Tell(new HeldJournal.Let());
        var first = ExpectMsg<JobsSubmitted>(Limit).First;
        Assert.Equal(first, again.ExpectMsg<JobsSubmitted>(Limit).First);
        Assert.Equal([2, 3], new[] { first, bob.ExpectMsg<JobsSubmitted>(Limit).First }.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Too_many_in_flight_are_to_be_tried_again(bool found)
    {
        MaxInFlight = 2;
        Heads = found ? null : () => new TaskCompletionSource<IReadOnlyList<long>>().Task;
        Passes = request => request.Submit is null;
        var submitter = Start();
        for (var i = 0; i < 3; i++)
            submitter.Tell(Jobs(), TestActor);
        var refusal = ExpectMsg<JobsSubmitted>(Limit).Refusal!;
        Assert.Equal(RefusalCode.Busy, refusal.Code);
        Assert.Contains("2 submissions are under way", refusal.Message);
    }

    [Fact]
    public void A_store_that_fails_refuses_all_that_wait_and_leaves_no_gap()
    {
        var submitter = Start();
        Submit(submitter);
        Journal.Tell(new HeldJournal.Hold());
        for (var i = 0; i < 5; i++)
            submitter.Tell(Jobs(), TestActor);
        Seen.FishForMessage(m => m is SegmentRequest { Submit.First: 6 }, Limit);
        // What a segment has not taken when it stops is lost, and refused only in time.
        Arrive();
        Journal.Tell(new HeldJournal.FailHeld(new IOException("disk full")));
        for (var i = 0; i < 5; i++)
            Assert.Equal(
                RefusalCode.StoreUnavailable,
                ExpectMsg<JobsSubmitted>(Limit).Refusal!.Code
            );
        Life.ExpectMsg(new StandInRegion.Gone(0), Limit);
        Assert.Equal(2, Submit(submitter).First);
    }

    [Fact]
    public async Task A_map_whose_head_is_refused_leaves_nothing_behind()
    {
        var submitter = Start();
        Submit(submitter, 1000);
        Wrong = request =>
            request.Submit is { First: 1001 }
                ? new SegmentReply
                {
                    Refusal = Refusals.Of(RefusalCode.StoreUnavailable, 0, "The store is away."),
                }
                : null;
        Assert.Equal("The store is away.", Submit(submitter, 100).Refusal!.Message);
        Wrong = _ => null;
        Assert.Equal(new JobsSubmitted(1001, 1003), Submit(submitter, 3));
        Assert.Empty((await ReadAsync(1100)).Details);
    }

    [Fact]
    public void A_slice_that_is_lost_is_refused_in_time_and_its_numbers_are_used_again()
    {
        Timeout = TimeSpan.FromMilliseconds(200);
        Passes = request => request.Submit is null;
        var submitter = Start();
        submitter.Tell(Jobs(3), TestActor);
        Seen.FishForMessage(m => m is SegmentRequest { Submit.First: 1 }, Limit);
        Clock.Advance(Timeout * 2);
        var refusal = ExpectMsg<JobsSubmitted>(Limit).Refusal!;
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.Contains("may have been submitted or not", refusal.Message);
        Passes = _ => true;
        Assert.Equal(new JobsSubmitted(1, 3), Submit(submitter, 3));
    }

    [Fact]
    public async Task What_comes_late_into_a_new_segment_is_counted()
    {
        Timeout = TimeSpan.FromSeconds(1);
        var submitter = Start();
        // The allocator's row first: it must not be held.
        Wrong = request =>
        {
            if (request.Submit is { First: 1 })
                Journal.Tell(new HeldJournal.Hold());
            return null;
        };
        submitter.Tell(Jobs(2), TestActor);
        Seen.FishForMessage(m => m is SegmentRequest { Submit.First: 1 }, Limit);
        Clock.Advance(Timeout * 2);
        Assert.NotNull(ExpectMsg<JobsSubmitted>(Limit).Refusal);
        Wrong = _ => null;
        submitter.Tell(Jobs(), TestActor);
        Seen.FishForMessage(m => m is SegmentRequest { Highest: not null }, Limit);

        Journal.Tell(new HeldJournal.Let());

        Assert.Equal(3, ExpectMsg<JobsSubmitted>(Limit).First);
        Assert.Single((await ReadAsync(2)).Details);
    }

    [Fact]
    public void A_request_id_that_was_used_before_gets_the_same_jobs()
    {
        Earlier = find => find is { Token: "again", Owner: "ann" } ? new(3, 5) : new(0, 0);
        var submitter = Start();
        Assert.Equal(new JobsSubmitted(3, 5), Submit(submitter, token: "again"));
        Assert.Empty(Sent());
        Assert.Equal(new JobsSubmitted(1, 1), Submit(submitter, token: "new"));
    }

    [Fact]
    public async Task A_request_id_is_looked_up_once_it_is_known_what_was_submitted_through_this_node()
    {
        var known = new TaskCompletionSource<IReadOnlyList<long>>();
        var asked = CreateTestProbe();
        Submit(Start());
        Heads = () => known.Task;
        Earlier = find =>
        {
            asked.Tell(find);
            return new(1, 1);
        };
        var submitter = Start();
        submitter.Tell(Jobs(token: "t"), TestActor);
        await submitter.Ask<ActorIdentity>(new Identify(null), Limit);
        Assert.False(asked.HasMessages);
        known.SetResult([0]);
        Assert.Equal(new JobsSubmitted(1, 1), ExpectMsg<JobsSubmitted>(Limit));
        Assert.Equal("t", asked.ExpectMsg<FindRequest>(Limit).Token);
    }

    [Fact]
    public void A_failed_lookup_is_told_and_the_id_may_be_used_again()
    {
        var fails = true;
        Earlier = _ => fails ? null : new(0, 0);
        ClaimWithin = TimeSpan.FromSeconds(1);
        var submitter = Start();
        submitter.Tell(Jobs(token: "t"), TestActor);
        ExpectMsg<Akka.Actor.Status.Failure>(Limit);
        fails = false;
        Assert.Equal(1, Submit(submitter, token: "t").First);
    }

    [Fact]
    public void A_submission_that_waited_too_long_after_its_claim_is_not_sent()
    {
        Earlier = _ =>
        {
            Clock.Advance(2 * Limit);
            return new(0, 0);
        };
        Assert.Equal(RefusalCode.Busy, Submit(Start(), token: "t").Refusal!.Code);
        Assert.Empty(Sent());
    }
}
