using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Reasons;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

public sealed class EventsHandlerTests : SegmentsTest, IAsyncLifetime
{
    private TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.OpenAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Past_events_of_the_jobs_are_sent_in_order()
    {
        Submitted((1, 3), (1024, 1));
        await WriteAsync(0, Event(1, at: 10), Event(2, at: 11), Event(1, at: 30));
        await WriteAsync(1, Event(1024, at: 20));
        Assert.Equal([10, 20, 30], await TimesAsync(Jobs((1, 1), (1024, 1024))));
    }

    [Fact]
    public async Task Events_up_to_an_instant_are_sent_without_later_ones()
    {
        Submitted((1, 1));
        await WriteAsync(0, [.. Enumerable.Range(1, 9).Select(at => Event(1, at))]);
        var times = new List<long>();
        await foreach (
            var reply in Handler(9, Subscriptions)
                .EventsAsync(
                    new()
                    {
                        Jobs = Jobs((1, 1)),
                        Until = 4,
                        Tail = 2,
                    },
                    Ann,
                    default
                )
        )
            times.AddRange(reply.Reply!.Events.Select(e => e.At));
        Assert.Equal([3, 4], times);
    }

    [Fact]
    public async Task An_event_of_many_jobs_is_sent_for_each_of_them()
    {
        Submitted((1, 3));
        await WriteAsync(0, Event(1, at: 10, count: 3));
        Assert.Equal([10], await TimesAsync(Jobs((2, 2))));
    }

    [Fact]
    public async Task Only_the_newest_events_are_sent_above_the_limit()
    {
        Submitted((1, 1));
        await WriteAsync(0, [.. Enumerable.Range(1, 10).Select(at => Event(1, at))]);
        Assert.Equal([8, 8, 9, 10], await TimesAsync(Jobs((1, 1)), maxEvents: 3));
        var first = await FirstAsync(maxEvents: 3);
        Assert.True(first.HistoryCut.Kept);
        Assert.Null((await FirstAsync(maxEvents: 10)).HistoryCut);
    }

    [Fact]
    public async Task Events_say_that_the_store_has_dropped_earlier_ones()
    {
        var story = new JobStory().Submit(2, map: true).Run(1, new Exit()).Run(2, new Exit());
        // So much stays of the history.
        var history = new SegmentHistory(mostBytes: 50);
        history.Add(story.Journal);
        Assert.True(history.IsCut);
        await WriteAsync(0, CompactedRow.Of(story.Segment.Compact(), history));
        Submitted((1, 2));

        var replies = new List<JobEvent>();
        await foreach (var reply in Events(Jobs((2, 2))))
            replies.AddRange(reply.Reply!.Events);

        Assert.Equal((1, 2), (replies[0].Jid, replies[0].Count));
        Assert.Equal(replies[1].At, replies[0].At);
        var line = EventText.Of(replies[0])!;
        Assert.Equal("history_cut", line.What);
        Assert.Equal("earlier events were dropped: there were too many", line.Message);
        Assert.DoesNotContain(replies.Skip(1), e => e.HistoryCut is not null);
    }

    [Fact]
    public async Task Follow_sends_new_events_after_the_past_ones()
    {
        Submitted((1, 1));
        await WriteAsync(0, Event(1, at: 10));
        await using var replies = Events(Jobs((1, 1)), follow: true).GetAsyncEnumerator();
        Assert.True(Await(replies.MoveNextAsync()));
        Assert.Equal(10, Assert.Single(replies.Current.Reply!.Events).At);
        // The handler has already subscribed when it sends past events.
        Ask(Kill(1));
        Assert.True(Await(replies.MoveNextAsync()));
        Assert.NotNull(Assert.Single(replies.Current.Reply!.Events).KilledUnstarted);
    }

    [Fact]
    public async Task An_unusable_segment_ends_the_stream_with_a_refusal()
    {
        var region = CreateTestProbe();
        var following = new Subscriptions(Sys, () => region, 10);
        Submitted((1, 1));
        await using var replies = Handler(100, following)
            .EventsAsync(new EventsRequest { Jobs = Jobs((1, 1)), Follow = true }, Ann, default)
            .GetAsyncEnumerator();
        var next = replies.MoveNextAsync();
        region.ExpectMsg<SegmentRequest>(Limit);
        region.Reply(new JobsMoved { Refusal = new Refusal { Code = RefusalCode.Internal } });
        Assert.True(await next);
        Assert.Equal(RefusalCode.Internal, replies.Current.Refusal!.Code);
        Assert.False(await replies.MoveNextAsync());
    }

    [Fact]
    public async Task Events_of_deleted_jobs_and_of_other_users_are_refused()
    {
        Submitted((1, 1));
        Ask(Kill(1));
        Ask(
            new SegmentRequest
            {
                By = "ann",
                Change = new ChangeJobs
                {
                    Change = Change.Delete,
                    Jobs = { Jobs((1, 1)).Items[0].Range },
                },
            }
        );
        Ask(Submit(2, owner: "bob"));
        Assert.Equal(RefusalCode.DeletedJob, (await RefusedAsync(1)).Code);
        Assert.Equal(RefusalCode.NotAllowed, (await RefusedAsync(2)).Code);
    }

    private static JobEvent Event(long jid, long at, int count = 0) =>
        new()
        {
            Jid = jid,
            At = at,
            Count = count,
            PriorityChanged = new PriorityChanged(),
        };

    private async Task<JobEvent> FirstAsync(int maxEvents)
    {
        await foreach (var replies in Events(Jobs((1, 1)), maxEvents: maxEvents))
            return replies.Reply!.Events[0];
        throw new InvalidOperationException("no events");
    }

    private Task WriteAsync(long segment, params JobEvent[] events) =>
        WriteAsync(segment, new JobsChanged { Events = { events } });

    private async Task WriteAsync(long segment, IMessage row)
    {
        var inbox = Inbox.Create(_store.System);
        _store.Writer($"segment-{segment}", inbox.Receiver).Tell(row);
        while (await inbox.ReceiveAsync(Limit) is not JournalWriter.Wrote)
            continue;
    }

    private async Task<List<long>> TimesAsync(Selection jobs, int maxEvents = 100)
    {
        var times = new List<long>();
        await foreach (var replies in Events(jobs, maxEvents: maxEvents))
            times.AddRange(replies.Reply!.Events.Select(e => e.At));
        return times;
    }

    private async Task<Refusal> RefusedAsync(long jid)
    {
        var replies = new List<Outcome<EventsReply>>();
        await foreach (var reply in Events(Jobs((jid, jid))))
            replies.Add(reply);
        return Assert.Single(replies).Refusal!;
    }

    private IAsyncEnumerable<Outcome<EventsReply>> Events(
        Selection jobs,
        bool follow = false,
        int maxEvents = 100
    ) =>
        Handler(maxEvents, Subscriptions)
            .EventsAsync(
                new EventsRequest { Jobs = jobs, Follow = follow },
                Ann,
                new CancellationTokenSource(Limit).Token
            );

    private EventsHandler Handler(int maxEvents, Subscriptions subscriptions) =>
        new(
            Selections,
            Client,
            subscriptions,
            new JournalReader(_store.Store),
            maxEvents,
            Admission,
            Memory
        );
}
