using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class LsCommandTests : CommandTest
{
    private const long Second = 1_000_000;

    public static TheoryData<string> Fields => [.. RowFields.All.Select(known => known.Name)];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.List = _ => new ListReply { Rows = { Map, Job } };
    }

    private static JobRow Job =>
        new()
        {
            First = 7,
            Last = 7,
            Counts = { 0, 0, 0, 0, 1, 0, 0, 0 },
            Command = "sort\nuniq",
            Created = 100 * Second,
            Started = 101 * Second,
            Finished = 102 * Second + Second / 2,
            Node = "n1",
        };

    private static JobRow Map =>
        new()
        {
            First = 8,
            Last = 11,
            Counts = { 0, 0, 1, 0, 2, 1, 0, 0 },
            Command = "echo {i}",
            Label = "night",
        };

    [Fact]
    public async Task A_map_is_one_row_with_the_number_of_jobs_in_each_status()
    {
        var ran = await RunAsync("ls", "--columns", "jid,status,label,runtime,command");

        string[] lines =
        [
            "jid   status                     label  runtime     command",
            $"8-11  1 queued, 2 done, 1 error  night{new string(' ', 14)}echo {{i}}",
            $"7     done{new string(' ', 30)}1 s 500 ms  sort ...",
            "",
        ];
        Assert.Equal(string.Join('\n', lines), ran.Output);
    }

    [Fact]
    public async Task Rows_in_JSON_have_every_field()
    {
        var json = (await RunAsync("-o", "json", "ls", "--columns", "jid")).Json;

        var rows = json.GetProperty("jobs");
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.False(json.GetProperty("truncated").GetBoolean());
        Assert.Equal(2, rows[0].GetProperty("counts").GetProperty("done").GetInt64());
        Assert.Equal(11, rows[0].GetProperty("last").GetInt64());
        Assert.Equal(1.5, rows[1].GetProperty("runtime").GetDouble());
        Assert.Equal("1970-01-01T00:01:40.000000Z", rows[1].GetProperty("created").GetString());
        Assert.All(RowFields.All, field => Assert.True(rows[0].TryGetProperty(field.Name, out _)));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Every_field_can_be_a_column_and_a_sort_key(string field)
    {
        var ran = await RunAsync("ls", "--columns", field, "--sort", $"-{field}");

        Assert.Equal(0, ran.Code);
        Assert.Equal(3, ran.Output.Count(c => c == '\n'));
        Assert.Equal($"sort=-{field}", Cloud.The<ListRequest>().Query);
    }

    [Theory]
    [InlineData("", "ls")]
    [InlineData("status=queued,done", "ls", "--status", "queued,done")]
    [InlineData("label=\"first job\"", "ls", "--label", "first job")]
    [InlineData("created>=2026-11-22T15:04:00.000000Z", "ls", "--since", "2026-11-22T15:04Z")]
    [InlineData("3,7-9", "ls", "3,7-9")]
    [InlineData("3,last", "ls", "3", "last")]
    [InlineData("map:3", "ls", "map:3")]
    [InlineData("label:x,status:done", "ls", "label:x", "status:done")]
    [InlineData("label=\"my job\"", "ls", "label:my job")]
    [InlineData("failed status=done", "ls", "failed", "-s", "done")]
    [InlineData("failed label~n", "ls", "failed", "label~n")]
    [InlineData(
        "(command~gcc or owner=me) status=done",
        "ls",
        "command~gcc",
        "or",
        "owner=me",
        "-s",
        "done"
    )]
    public async Task Options_and_words_form_one_query(string query, params string[] args)
    {
        await RunAsync(args);

        var sent = Cloud.The<ListRequest>().Query;
        Assert.Equal(QueryPrinter.Print(QueryParser.Parse(query).Value), sent);
    }

    [Fact]
    public async Task Limit_and_expand_are_sent_with_the_query()
    {
        await RunAsync("ls", "-n", "5", "--expand");

        var request = Cloud.The<ListRequest>();
        Assert.Equal((5, true), (request.Limit, request.Expand));
    }

    [Fact]
    public async Task A_truncated_list_prints_a_note()
    {
        Cloud.List = _ => new ListReply { Rows = { Job }, Truncated = true };

        var ran = await RunAsync("ls", "-o", "quiet");

        Assert.Equal(
            ("7\n", "More jobs match; use --limit N to list more.\n"),
            (ran.Output, ran.Error)
        );
    }

    [Theory]
    [InlineData("nosuchfield=1")]
    [InlineData("status=sleeping")]
    [InlineData("(jid=1")]
    [InlineData("9-3")]
    [InlineData("status:eror")]
    [InlineData("--status", "sleeping")]
    [InlineData("--sort", "size")]
    [InlineData("--columns", "jid,size")]
    [InlineData("--since", "yesterday")]
    [InlineData("--limit", "0")]
    [InlineData("--watch")]
    public async Task A_malformed_query_is_refused_without_a_request(params string[] args)
    {
        var ran = await RunAsync(["ls", .. args]);

        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task A_dash_reads_jids_from_stdin()
    {
        Input = "3\n7-9\n";

        await RunAsync("ls", "-");

        Assert.Equal("3,7-9", Cloud.The<ListRequest>().Query);
    }

    [Theory]
    [InlineData("There are no jobs yet; 'jobcloud exec COMMAND' submits one.", "ls")]
    [InlineData("No job matches.", "ls", "label:x")]
    [InlineData("No job was deleted.", "ls", "--deleted")]
    public async Task An_empty_list_prints_a_note(string note, params string[] args)
    {
        Cloud.List = _ => new ListReply();

        var text = await RunAsync(args);
        var quiet = await RunAsync(["-o", "quiet", .. args]);

        Assert.Equal((0, $"{note}\n"), (text.Code, text.Error));
        Assert.Equal("", quiet.Error);
    }

    [Fact]
    public async Task The_past_is_listed_and_marked_as_past()
    {
        var text = await RunAsync("ls", "--at", "2026-11-22T15:04Z", "--columns", "jid,runtime");
        var json = (await RunAsync("-o", "json", "ls", "--at", "2026-11-22T15:04Z")).Json;

        Assert.All(
            Cloud.Asked<ListRequest>(),
            request => Assert.Equal(1_795_359_840_000_000, request.AsOf)
        );
        Assert.Equal(
            "This is the past, as of 2026-11-22 15:04:00; jobs that were deleted since are missing.\n",
            text.Error
        );
        Assert.Equal("2026-11-22T15:04:00.000000Z", json.GetProperty("as_of").GetString());
        Assert.Equal(
            JsonValueKind.Null,
            (await RunAsync("-o", "json", "ls")).Json.GetProperty("as_of").ValueKind
        );
    }

    [Fact]
    public async Task A_past_before_the_first_job_says_so()
    {
        Cloud.List = _ => new ListReply();

        var ran = await RunAsync("ls", "--at", "2h");

        Assert.StartsWith("No job that is still known was submitted by then.\n", ran.Error);
    }

    [Theory]
    [InlineData("--at: ", "--at", "yesterday-ish")]
    [InlineData("--at and --deleted exclude each other", "--at", "2h", "--deleted")]
    public async Task A_past_that_cannot_be_listed_is_refused(string problem, params string[] args)
    {
        var ran = await RunAsync(["ls", .. args]);

        Assert.Equal(2, ran.Code);
        Assert.Contains(problem, ran.Error);
    }

    [Fact]
    public async Task Deleted_jobs_are_listed_with_what_is_kept()
    {
        var ran = await RunAsync("ls", "--deleted");

        Assert.True(Cloud.The<ListRequest>().Deleted);
        Assert.StartsWith("jid   status ", ran.Output);
        Assert.EndsWith("finished             runtime", ran.Output.Split('\n')[0]);
    }

    [Fact]
    public async Task A_narrow_terminal_leaves_out_the_least_important_columns()
    {
        (OnTerminal, Width) = (true, 40);
        Variables["NO_COLOR"] = "1";

        var lines = (await RunAsync("ls")).Output.Split('\n');
        var named = (await RunAsync("ls", "--columns", "jid,node,created")).Output.Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= 40, line));
        Assert.DoesNotContain("node", lines[0]);
        Assert.Contains("node", named[0]);
    }

    [Theory]
    [InlineData(true, "", "", true)]
    [InlineData(false, "", "", false)]
    [InlineData(true, "NO_COLOR", "1", false)]
    [InlineData(true, "TERM", "dumb", false)]
    public async Task Statuses_have_colours_on_a_terminal(
        bool onTerminal,
        string variable,
        string value,
        bool coloured
    )
    {
        OnTerminal = onTerminal;
        Variables[variable] = value;

        var output = (await RunAsync("ls", "--columns", "jid,status")).Output;

        Assert.Equal(coloured, output.Contains("\u001b[32mdone\u001b[0m"));
        Assert.Equal(coloured, output.Contains('\u001b'));
    }
}
