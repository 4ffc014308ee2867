using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

public sealed class EventsHandlerTests : SegmentsTest, IAsyncLifetime
{
    private TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.OpenAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task The_past_of_these_jobs_is_told_in_its_order()
    {
        Submitted((1, 3), (1024, 1));
        await WroteAsync(0, Event(1, at: 10), Event(2, at: 11), Event(1, at: 30));
        await WroteAsync(1, Event(1024, at: 20));
        Assert.Equal([10, 20, 30], await TimesAsync(Jobs((1, 1), (1024, 1024))));
    }

    [Fact]
    public async Task An_event_of_many_jobs_is_told_of_each()
    {
        Submitted((1, 3));
        await WroteAsync(0, Event(1, at: 10, count: 3));
        Assert.Equal([10], await TimesAsync(Jobs((2, 2))));
    }

    [Fact]
    public async Task Of_more_than_may_be_told_the_newest_are()
    {
        Submitted((1, 1));
        await WroteAsync(0, [.. Enumerable.Range(1, 10).Select(at => Event(1, at))]);
        Assert.Equal([8, 9, 10], await TimesAsync(Jobs((1, 1)), most: 3));
    }

    [Fact]
    public async Task Followed_it_goes_on_with_what_happens()
    {
        Submitted((1, 1));
        await WroteAsync(0, Event(1, at: 10));
        await using var told = Events(Jobs((1, 1)), follow: true).GetAsyncEnumerator();
        Assert.True(Await(told.MoveNextAsync()));
        Assert.Equal(10, Assert.Single(told.Current.Reply!.Events).At);
        // Who tells of the past is listening already.
        Ask(Kill(1));
        Assert.True(Await(told.MoveNextAsync()));
        Assert.NotNull(Assert.Single(told.Current.Reply!.Events).KilledUnstarted);
    }

    [Fact]
    public async Task A_segment_that_cannot_be_used_ends_it()
    {
        var region = CreateTestProbe();
        var following = new Subscriptions(Sys, () => region, 10);
        Submitted((1, 1));
        await using var told = Handler(100, following)
            .EventsAsync(new EventsRequest { Jobs = Jobs((1, 1)), Follow = true }, Ann, default)
            .GetAsyncEnumerator();
        var next = told.MoveNextAsync();
        region.ExpectMsg<SegmentRequest>(Limit);
        region.Reply(new JobsMoved { Refusal = new Refusal { Code = RefusalCode.Internal } });
        Assert.True(await next);
        Assert.Equal(RefusalCode.Internal, told.Current.Refusal!.Code);
        Assert.False(await told.MoveNextAsync());
    }

    [Fact]
    public async Task A_deleted_job_and_that_of_another_user_have_no_history_to_show()
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

    private async Task WroteAsync(long segment, params JobEvent[] events)
    {
        var inbox = Inbox.Create(_store.System);
        _store
            .Writer($"segment-{segment}", inbox.Receiver)
            .Tell(new JobsChanged { Events = { events } });
        while (await inbox.ReceiveAsync(Limit) is not JournalWriter.Wrote)
            continue;
    }

    private async Task<List<long>> TimesAsync(Selection jobs, int most = 100)
    {
        var times = new List<long>();
        await foreach (var told in Events(jobs, most: most))
            times.AddRange(told.Reply!.Events.Select(e => e.At));
        return times;
    }

    private async Task<Refusal> RefusedAsync(long jid)
    {
        var told = new List<Outcome<EventsReply>>();
        await foreach (var reply in Events(Jobs((jid, jid))))
            told.Add(reply);
        return Assert.Single(told).Refusal!;
    }

    private IAsyncEnumerable<Outcome<EventsReply>> Events(
        Selection jobs,
        bool follow = false,
        int most = 100
    ) =>
        Handler(most, Subscriptions)
            .EventsAsync(
                new EventsRequest { Jobs = jobs, Follow = follow },
                Ann,
                new CancellationTokenSource(Limit).Token
            );

    private EventsHandler Handler(int most, Subscriptions subscriptions) =>
        new(Selections, Client, subscriptions, new JournalReader(_store.Store), most);
}
