using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The handler with a scripted index that has at most two rows per page.</summary>
public sealed class ListHandlerTests : SegmentsTest
{
    private const int Page = 2;
    private readonly List<ListSubmissions> _asked = [];
    private readonly List<FindSlices> _found = [];
    private List<JobRow> _rows = [];
    private List<JidRange> _slices = [];

    [Fact]
    public async Task Pages_are_read_until_enough_rows_are_found()
    {
        _rows = [.. Enumerable.Range(1, 9).Reverse().Select(jid => Row(jid))];
        var reply = await ListAsync("", limit: 3);
        Assert.Equal([9, 8, 7], reply.Rows.Select(row => row.First));
        Assert.True(reply.Truncated);
        Assert.Equal([null, 8], _asked.Select(list => list.After));
    }

    [Fact]
    public async Task All_rows_are_listed_up_to_the_limit()
    {
        _rows = [Row(3), Row(2), Row(1)];
        var reply = await ListAsync("", limit: 3);
        Assert.Equal((3, false), (reply.Rows.Count, reply.Truncated));
    }

    [Fact]
    public async Task Without_a_limit_the_default_limit_applies()
    {
        _rows = [Row(3), Row(2), Row(1)];
        Assert.Equal(2, (await ListAsync("", limit: 0)).Rows.Count);
    }

    [Fact]
    public async Task Conditions_the_index_cannot_test_are_applied_to_the_rows()
    {
        _rows = [Row(3, "echo b"), Row(2, "true"), Row(1, "echo a")];
        var reply = await ListAsync("command~echo", limit: 5);
        Assert.Equal([3, 1], reply.Rows.Select(row => row.First));
    }

    [Fact]
    public async Task A_sorting_query_can_list_the_last_row_first()
    {
        _rows = [Row(3), Row(2), Row(1)];
        Assert.Equal([1], (await ListAsync("sort=jid", limit: 1)).Rows.Select(row => row.First));
    }

    [Fact]
    public async Task An_expanded_map_is_listed_job_by_job()
    {
        Submitted((1, 1021));
        Ask(Submit(1024, 2, submission: 1022, last: 1025));
        Ask(Submit(1022, 2, submission: 1022, last: 1025));
        _rows = [new JobRow { First = 1022, Last = 1025 }];
        _slices = [JidRanges.Range(1024, 1025), JidRanges.Range(1022, 1023)];
        var reply = await ListAsync("", limit: 9, expand: true);
        Assert.Equal([1025, 1024, 1023, 1022], reply.Rows.Select(row => row.First));
        Assert.Single((await ListAsync("", limit: 9)).Rows);
    }

    [Fact]
    public async Task Segments_of_a_map_without_possible_matches_are_not_asked()
    {
        Submitted((1, 1021));
        Ask(Submit(1024, 2, submission: 1022, last: 1025));
        Ask(Submit(1022, 2, submission: 1022, last: 1025));
        _rows = [new JobRow { First = 1022, Last = 1025 }];
        _slices = [JidRanges.Range(1022, 1023)];
        var reply = await ListAsync("status=queued", limit: 9, expand: true);
        Assert.Equal([1023, 1022], reply.Rows.Select(row => row.First));
        Assert.Contains("queued > 0", Assert.Single(_found).Filter.Sql);
    }

    [Fact]
    public async Task Only_an_admin_sees_the_jobs_of_other_users()
    {
        await ListAsync("", 1);
        await Handler().ListAsync(new ListRequest(), new Identity("root", Role.Admin), default);
        Assert.NotEqual(_asked[0].Filter, _asked[1].Filter);
    }

    [Fact]
    public async Task An_invalid_query_is_refused()
    {
        var reply = await Handler().ListAsync(new ListRequest { Query = "status=" }, Ann, default);
        Assert.Equal(RefusalCode.Usage, reply.Refusal!.Code);
    }

    [Theory]
    [InlineData(99, RefusalCode.UnknownJob)]
    [InlineData(3, RefusalCode.DeletedJob)]
    public async Task A_job_that_is_named_by_its_jid_must_exist(long jid, RefusalCode code)
    {
        Submitted((1, 3));
        Ask(Kill(3));
        Ask(Deletion(3));
        var request = new ListRequest { Query = $"{jid}" };
        var reply = await Handler().ListAsync(request, Ann, default);
        Assert.Equal((code, jid), (reply.Refusal!.Code, reply.Refusal.Jid));
    }

    [Fact]
    public async Task Deleted_jobs_are_listed_with_the_facts_that_are_kept()
    {
        Submitted((1, 3));
        Ask(Kill(2, 3));
        Ask(Deletion(3));
        var request = new ListRequest { Deleted = true };
        var reply = (await Handler().ListAsync(request, Ann, default)).Reply!;
        var row = Assert.Single(reply.Rows);
        Assert.Equal((3, 1, ""), (row.First, row.Counts[(int)Status.Killed], row.Command));
        Assert.True(row.Created > 0 && row.Finished > 0);
    }

    private static SegmentRequest Deletion(long jid)
    {
        var request = Kill(jid);
        request.Change.Change = Change.Delete;
        return request;
    }

    [Fact]
    public async Task Jobs_are_listed_as_they_were_at_an_instant()
    {
        _rows = [Ran(4, created: 90), Ran(3, 40, 70), Ran(2, 60, 70), Ran(1, 20, 30)];
        var reply = await PastAsync("", at: 50);
        Assert.Equal([3, 2, 1], reply.Rows.Select(row => row.First));
        Assert.Equal((40, 0), (reply.Rows[0].Started, reply.Rows[0].Finished));
        Assert.Equal(1, reply.Rows[0].Counts[(int)Status.Processing]);
        Assert.Equal(1, reply.Rows[2].Counts[(int)Status.Done]);
        Assert.Equal([3], (await PastAsync("status=processing", 50)).Rows.Select(r => r.First));
        Assert.DoesNotContain("processing", _asked[^1].Filter.Sql);
    }

    [Fact]
    public async Task A_map_of_the_past_has_the_counts_that_its_segments_tell()
    {
        Submitted((1, 3));
        Ask(Kill(2));
        _rows =
        [
            new JobRow
            {
                First = 1,
                Last = 3,
                Created = 1,
                Counts = { 0, 0, 2, 0, 0, 0, 1 },
            },
        ];
        _slices = [JidRanges.Range(1, 3)];
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        var row = Assert.Single((await PastAsync("", now)).Rows);
        Assert.Equal((2, 1), (row.Counts[(int)Status.Queued], row.Counts[(int)Status.Killed]));
        var jobs = (await PastAsync("status=killed", now, expand: true)).Rows;
        Assert.Equal([2], jobs.Select(job => job.First));
    }

    [Fact]
    public async Task Deleted_jobs_have_no_past()
    {
        var request = new ListRequest { AsOf = 1, Deleted = true };
        var outcome = await Handler().ListAsync(request, Ann, default);
        Assert.Equal(RefusalCode.Usage, outcome.Refusal!.Code);
    }

    [Fact]
    public async Task Times_to_come_are_refused()
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        var request = new ListRequest { AsOf = now + 1 };
        var outcome = await Handler().ListAsync(request, Ann, default);
        Assert.Equal(RefusalCode.Usage, outcome.Refusal!.Code);
    }

    private static JobRow Ran(long jid, long started = 0, long finished = 0, long created = 10) =>
        new()
        {
            First = jid,
            Last = jid,
            Created = created,
            Started = started,
            Finished = finished,
            Attempt = 1,
            Counts = { 0, 0, 0, 0, 1, 0, 0, 0 },
        };

    private async Task<ListReply> PastAsync(string query, long at, bool expand = false)
    {
        var request = new ListRequest
        {
            Query = query,
            Limit = 5,
            AsOf = at,
            Expand = expand,
        };
        return (await Handler().ListAsync(request, Ann, default)).Reply!;
    }

    private static JobRow Row(long jid, string command = "true") =>
        new()
        {
            First = jid,
            Last = jid,
            Command = command,
        };

    private async Task<ListReply> ListAsync(string query, int limit, bool expand = false)
    {
        var request = new ListRequest
        {
            Query = query,
            Limit = limit,
            Expand = expand,
        };
        return (await Handler().ListAsync(request, Ann, default)).Reply!;
    }

    private ListHandler Handler() =>
        new(
            Selections,
            Sys.ActorOf(ScriptedActor.Of(Answer)),
            Client,
            Clock,
            2,
            maxRows: 5,
            Limit,
            Memory,
            maxBytes: 1 << 20
        );

    private object Answer(object question)
    {
        if (question is FindDeleted)
            return new SegmentsWithDeleted([0]);
        if (question is FindSlices find)
        {
            _found.Add(find);
            return new SlicesFound(_slices);
        }
        var list = (ListSubmissions)question;
        _asked.Add(list);
        var matching = _rows.Where(row => row.First < (list.After ?? long.MaxValue)).ToList();
        var page = matching.Take(Page).ToList();
        return new SubmissionsListed(page, matching.Count > page.Count ? page[^1].First : null);
    }
}
