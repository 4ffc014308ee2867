using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The handler with a map of four jobs in two segments, and a scripted index.</summary>
public sealed class MapHandlerTests : SegmentsTest
{
    private readonly List<FindSlices> _found = [];

    public MapHandlerTests()
    {
        Submitted((1, 1021));
        Ask(Submit(1024, 2, submission: 1022, last: 1025));
        Ask(Submit(1022, 2, submission: 1022, last: 1025));
        Ask(Kill(1025));
    }

    [Fact]
    public async Task A_map_is_shown_with_its_failures_and_cells()
    {
        var reply = await MapAsync(
            new()
            {
                Jid = 1023,
                Cells = 2,
                Failures = true,
            }
        );
        Assert.Equal((1022, 1025), (reply.First, reply.Last));
        Assert.Equal(1, reply.Counts[(int)Status.Killed]);
        var failure = Assert.Single(reply.Failures);
        Assert.Equal((Status.Killed, 1, 1025), (failure.Status, failure.Count, failure.First));
        Assert.Equal(2, reply.Cells.Jobs);
        Assert.Equal(
            [Status.Queued, Status.Killed],
            reply.Cells.Statuses.Select(status => (Status)status)
        );
    }

    [Fact]
    public async Task All_jobs_that_match_are_found_in_the_querys_order()
    {
        Assert.Equal([1025], await FindAsync("status=killed"));
        Assert.Equal([1022, 1023, 1024], await FindAsync("status=queued"));
        Assert.Equal([1025, 1024, 1023, 1022], await FindAsync("sort=-jid"));
        Assert.Equal([1022, 1023], await FindAsync("limit 2"));
    }

    [Fact]
    public async Task Only_segments_with_a_possible_match_are_asked()
    {
        await FindAsync("status=killed");
        Assert.Contains(_found, find => find.Filter.Sql.Contains("killed > 0"));
    }

    [Fact]
    public async Task Rows_of_wanted_jobs_are_sent_without_those_of_other_maps()
    {
        var rows = JidRanges.Range(1020, 1023);
        var reply = await MapAsync(new() { Jid = 1022, Rows = { rows } });
        Assert.Equal([1022, 1023], reply.Rows.Select(row => row.First));
    }

    [Fact]
    public async Task A_single_job_and_an_invalid_query_are_refused()
    {
        Ask(Submit(1_026));
        var single = await Handler().MapAsync(new() { Jid = 1_026 }, Ann, default);
        Assert.Equal("Job 1026 is not a job of a map.", single.Refusal!.Message);
        var query = new MapViewRequest { Jid = 1022, Query = "colour=3" };
        var unreadable = await Handler().MapAsync(query, Ann, default);
        Assert.Contains("colour", unreadable.Refusal!.Message);
    }

    private async Task<IEnumerable<long>> FindAsync(string query)
    {
        var request = new MapViewRequest
        {
            Jid = 1022,
            Find = true,
            Query = query,
        };
        var reply = await MapAsync(request);
        var jids = new List<long>();
        foreach (var step in reply.Found)
            jids.Add((jids.Count > 0 ? jids[^1] : reply.First) + step);
        return jids;
    }

    private async Task<MapReply> MapAsync(MapViewRequest request) =>
        (await Handler().MapAsync(request, Ann, default)).Reply!;

    private MapHandler Handler() =>
        new(Sys.ActorOf(ScriptedActor.Of(Answer)), Client, Clock, Limit, Memory, 1 << 20);

    private object Answer(object question)
    {
        if (question is FindMapSlices find)
            return new MapSlicesFound(
                find.Range.First is >= 1022 and <= 1025
                    ? [new MapSlice(1022, 1023, 1022, new long[8])]
                    : []
            );
        var slices = (FindSlices)question;
        _found.Add(slices);
        return new SlicesFound([JidRanges.Range(1024, 1025), JidRanges.Range(1022, 1023)]);
    }
}
