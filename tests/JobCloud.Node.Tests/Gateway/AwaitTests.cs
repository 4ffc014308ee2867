using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Node.Tests.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

public sealed class AwaitTests : SegmentsTest
{
    [Fact]
    public async Task Await_ends_with_the_last_job_of_all_segments()
    {
        Submitted((1, 2), (1024, 1));
        var replies = AwaitAsync(Jobs((1, 2), (1024, 1024))).GetAsyncEnumerator();
        Assert.True(await replies.MoveNextAsync());
        Assert.Equal(3, replies.Current.Reply!.Counts[(int)Protocol.Status.Queued]);

        Ask(Kill(1, 2));
        Ask(Kill(1024));

        var ended = new List<JidRange>();
        var finished = false;
        while (await replies.MoveNextAsync())
        {
            var reply = replies.Current.Reply!;
            finished = reply.Finished;
            ended.AddRange(
                reply.Ended.Select(run => JidRanges.Range(run.First, run.First + run.Count - 1))
            );
        }
        Assert.True(finished);
        Assert.Equal(
            [JidRanges.Range(1, 2), JidRanges.Range(1024, 1024)],
            ended.OrderBy(range => range.First)
        );
    }

    [Fact]
    public async Task A_stopped_segment_is_asked_again()
    {
        Submitted((1, 1));
        await using var moves = Subscriptions
            .SubscribeAsync([JidRanges.Range(1, 1)], false, Ann, Soon)
            .GetAsyncEnumerator();
        Assert.True(await moves.MoveNextAsync());

        Stop();

        // The segment may get the first request before it stops: it is sent again later.
        Assert.True(Await(moves.MoveNextAsync()));
        Assert.True(moves.Current.Initial);
        Ask(Kill(1));
        Assert.True(await moves.MoveNextAsync());
        Assert.Equal(Protocol.Status.Killed, moves.Current.Runs.Single().Status);
    }

    [Fact]
    public async Task A_segment_is_asked_again_after_a_refused_commit()
    {
        Submitted((1, 1));
        await using var moves = Subscriptions
            .SubscribeAsync([JidRanges.Range(1, 1)], false, Ann, Soon)
            .GetAsyncEnumerator();
        Assert.True(await moves.MoveNextAsync());

        Journal.Tell(new ScriptedJournal.Reject());
        Assert.NotNull(Ask(Submit(2)).Refusal);

        Assert.True(Await(moves.MoveNextAsync()));
        Assert.True(moves.Current.Initial);
    }

    [Fact]
    public async Task A_lost_subscription_request_is_sent_again()
    {
        var region = CreateTestProbe();
        var subscriptions = new Subscriptions(Sys, () => region, 10);
        await using var moves = subscriptions
            .SubscribeAsync([JidRanges.Range(1, 1)], false, Ann, Soon)
            .GetAsyncEnumerator();
        var next = moves.MoveNextAsync();
        var first = region.ExpectMsg<SegmentRequest>(Limit);
        Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, region.ExpectMsg<SegmentRequest>(Limit));
        region.Reply(new JobsMoved { Segment = 0, Initial = true });
        Assert.True(await next);
        Advance(TimeSpan.FromSeconds(2));
        region.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_slow_client_gets_the_current_statuses_again()
    {
        Submitted((1, 200));
        var subscriptions = new Subscriptions(Sys, () => Region, maxWaiting: 3);
        await using var moves = subscriptions
            .SubscribeAsync([JidRanges.Range(1, 200)], false, Ann, Soon)
            .GetAsyncEnumerator();
        Assert.True(await moves.MoveNextAsync());
        for (var jid = 1; jid <= 100; jid++)
            Ask(Kill(jid));
        var killed = new HashSet<long>();
        while (killed.Count < 100)
        {
            Assert.True(await moves.MoveNextAsync());
            foreach (var run in moves.Current.Runs.Where(r => r.Status == Protocol.Status.Killed))
                killed.UnionWith(Enumerable.Range(0, (int)run.Count).Select(i => run.First + i));
        }
    }

    [Fact]
    public async Task An_unusable_segment_ends_the_wait_with_a_refusal()
    {
        WriteRows(new UnreadableRow("these bytes are not a row"));
        var replies = new List<Outcome<AwaitReply>>();
        await foreach (var reply in AwaitAsync(Jobs((1, 2))))
            replies.Add(reply);
        Assert.Contains("these bytes are not a row", Assert.Single(replies).Refusal!.Message);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(6, false)]
    [InlineData(0, false)]
    public async Task A_wait_in_the_place_that_the_awaited_job_needs_ends(long inside, bool ends)
    {
        Ask(Submit(1));
        await using var replies = AwaitAsync(Jobs((1, 1)), inside).GetAsyncEnumerator();
        Assert.True(await replies.MoveNextAsync());
        Assert.False(replies.Current.Reply!.Finished);
        var next = replies.MoveNextAsync().AsTask();
        var rounds = 0;
        AwaitCondition(
            () =>
            {
                Advance(DeadlockAfter);
                return next.IsCompleted || ++rounds > 20;
            },
            Limit,
            TimeSpan.FromMilliseconds(20)
        );
        Assert.Equal(ends, next.IsCompleted);
        if (!ends)
        {
            Ask(Kill(1));
            Assert.True(await next);
            return;
        }
        Assert.True(await next);
        var refusal = replies.Current.Reply!.Refusal;
        Assert.Equal((RefusalCode.Timeout, 1), (refusal.Code, refusal.Jid));
        Assert.StartsWith(
            "Job 1 cannot start while job 7 waits for it and holds its place: the core of n1 is busy.",
            refusal.Message
        );
    }

    [Fact]
    public async Task A_change_soon_after_the_last_message_is_sent_though_nothing_follows()
    {
        Ask(Submit(1));
        Ask(Submit(2));
        await using var replies = AwaitAsync(Jobs((1, 2))).GetAsyncEnumerator();
        Assert.True(await replies.MoveNextAsync());
        Ask(Kill(1));

        var next = replies.MoveNextAsync().AsTask();
        AwaitCondition(
            () =>
            {
                Advance(Interval);
                return next.IsCompleted;
            },
            Limit,
            TimeSpan.FromMilliseconds(20)
        );

        Assert.Equal(1, Assert.Single(replies.Current.Reply!.Ended).First);
        Assert.False(replies.Current.Reply.Finished);
    }

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DeadlockAfter = TimeSpan.FromSeconds(60);

    /// <summary>Fails the test if a stream stops sending.</summary>
    private static CancellationToken Soon => new CancellationTokenSource(Limit).Token;

    private IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(Selection jobs, long inside = 0) =>
        new AwaitHandler(
            Selections,
            Client,
            Subscriptions,
            new PortWaiter(Client, Subscriptions, new PortClient(Agents, Limit, Limit), Limit),
            new ExplainHandler(Client, HeldUpScheduler(), Limit),
            Clock,
            Interval,
            DeadlockAfter,
            Admission
        ).AwaitAsync(new AwaitRequest { Jobs = jobs, Inside = inside }, Ann, Soon);

    /// <summary>A scheduler that finds job 1 held up by job 7 only.</summary>
    private IActorRef HeldUpScheduler() =>
        Sys.ActorOf(
            ScriptedActor.Of(question => new ExplainReply
            {
                Summary = "the core of n1 is busy",
                HeldUp = question is ExplainQueued { Jid: 1, Holder: 7 },
            })
        );
}
