using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The handler with real segments and a scripted index.</summary>
public sealed class ActivityHandlerTests : SegmentsTest
{
    private readonly List<FindLives> _asked = [];
    private Func<FindLives, LivesFound> _index = _ => new LivesFound([], null, 0);

    [Fact]
    public async Task Single_jobs_and_maps_that_ran_within_a_span_are_counted_from_the_index()
    {
        Answer(
            new SliceLife(7, 7, new(Second(1), Second(2), Second(12), Status.Done), 1, 0, 0),
            new SliceLife(8, 8, new(Second(1), 0, 0, Status.Error), 0, 0, 1),
            new SliceLife(20, 29, new(Second(1), 0, 0, Status.Error), 0, 0, 10),
            new SliceLife(30, 39, new(Second(1), Second(3), Second(4), Status.Done), 9, 1, 0)
        );
        var reply = await AskAsync(Ann);
        Assert.Equal([22, 0], reply.Submitted);
        Assert.Equal([11, 0], reply.Started);
        Assert.Equal([9, 1], reply.Done);
        Assert.Equal([1, 0], reply.Failed);
        Assert.Equal([1, 0], reply.Processing);
        Assert.Equal([11, 11], reply.Unstarted);
    }

    [Fact]
    public async Task The_segment_of_a_map_is_asked_when_each_job_ran()
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        Submitted((1, 4));
        Ask(Kill(3));
        Answer(new SliceLife(1, 4, new(now, 0, 0, Status.Error), 0, 0, 3));
        var handler = Handler();
        var request = new ActivityRequest
        {
            From = now / 1_000_000 * 1_000_000 - Second(10),
            SpanUs = Second(10),
            Spans = 3,
        };
        var reply = (await handler.ActivityAsync(request, Ann, default)).Reply!;
        Assert.Equal(4, reply.Submitted.Sum());
        Assert.Equal(1, reply.Failed.Sum());
        Assert.Equal(3, reply.Unstarted[^1]);
        Assert.Equal(0, reply.Started.Sum());
    }

    [Fact]
    public async Task The_times_of_another_users_map_are_hidden()
    {
        Ask(Submit(1, 4, owner: "bob"));
        Answer(new SliceLife(1, 4, new(1, 2, 0, Status.Error), 0, 0, 4));
        var outcome = await Handler().ActivityAsync(Request, Ann, default);
        Assert.Equal(RefusalCode.NotAllowed, outcome.Refusal!.Code);
    }

    [Fact]
    public async Task Users_count_their_jobs_and_admins_all()
    {
        await AskAsync(Ann);
        await AskAsync(new Identity("root", Role.Admin));
        Assert.Equal(["ann", null], _asked.Select(find => find.Owner));
    }

    [Fact]
    public async Task A_reply_reads_a_bounded_part_of_the_index_and_names_it()
    {
        _index = find => new LivesFound([], (find.Before ?? 10_000) - 16, 0);
        var reply = await AskAsync(Ann);
        Assert.Equal(ActivityHandler.MaxParts, _asked.Count);
        Assert.Equal((10_000L - 16 * ActivityHandler.MaxParts) << 10, reply.CountedFrom);
    }

    [Fact]
    public async Task A_reply_reads_a_bounded_number_of_segments_and_names_the_rest()
    {
        Submitted((1, 4));
        Answer([
            .. Enumerable
                .Repeat(0, ActivityHandler.MaxSlices + 2)
                .Select(_ => new SliceLife(1, 4, new(1, 2, 0, Status.Error), 0, 0, 4)),
        ]);
        Assert.Equal(8, (await AskAsync(Ann)).Unread);
    }

    [Fact]
    public async Task Spans_that_cannot_be_counted_are_refused()
    {
        var outcome = await Handler().ActivityAsync(new() { Spans = 3 }, Ann, default);
        Assert.Equal(RefusalCode.Usage, outcome.Refusal!.Code);
        Assert.Empty(_asked);
    }

    private static ActivityRequest Request { get; } =
        new()
        {
            From = Second(0),
            SpanUs = Second(10),
            Spans = 2,
        };

    private static long Second(int second) => second * 1_000_000L;

    private void Answer(params SliceLife[] slices) => _index = _ => new LivesFound(slices, null, 0);

    private async Task<ActivityReply> AskAsync(Identity by) =>
        (await Handler().ActivityAsync(Request, by, default)).Reply!;

    private ActivityHandler Handler() =>
        new(
            Sys.ActorOf(
                ScriptedActor.Of(question =>
                {
                    var find = (FindLives)question;
                    _asked.Add(find);
                    return _index(find);
                })
            ),
            Client,
            Limit,
            Memory
        );
}
