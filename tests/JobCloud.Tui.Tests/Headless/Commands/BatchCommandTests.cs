using System.Text.Json;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class BatchCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var jid = 0L;
        Cloud.Session = request =>
            request switch
            {
                SubmitRequest submit => Submitted(submit, ref jid),
                StatusRequest => Statuses((1, 2, Status.Done)),
                KillRequest => new ChangeReply { Selected = 2, Changed = 1 },
                InfoRequest => new JobDetail { Jid = 7, Status = Status.Done },
                ListRequest => new ListReply
                {
                    Rows =
                    {
                        new JobRow { First = 7, Last = 7 },
                    },
                },
                _ => new Refusal
                {
                    Code = RefusalCode.UnknownJob,
                    Message = "There is no job 9.",
                    Jid = 9,
                },
            };
    }

    private static SubmitReply Submitted(SubmitRequest request, ref long jid)
    {
        var first = jid + 1;
        jid += request.Count;
        return new SubmitReply { First = first, Last = jid };
    }

    private async Task<(CommandOutcome Ran, List<JsonElement> Answers)> BatchAsync(
        params string[] lines
    )
    {
        Input = string.Join('\n', lines);
        var ran = await RunAsync("batch");
        var answers = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (ran, [.. answers.Select(line => JsonDocument.Parse(line).RootElement)]);
    }

    [Fact]
    public async Task Every_kind_of_request_is_answered()
    {
        var (ran, _) = await BatchAsync(
            """{"exec": {"command": "true"}}""",
            """{"id": "m", "mapexec": {"command": "echo {i}", "range": "1-10"}}""",
            """{"status": "1-2", "id": 3}""",
            "",
            """{"id": [4], "kill": "1-2"}""",
            """{"info": 7, "items": "status"}""",
            """{"exec": "date"}"""
        );

        Assert.Equal(
            """
            {"id":1,"jid":1}
            {"id":"m","first":2,"last":11,"count":10}
            {"id":3,"jobs":[{"jid":1,"status":"done"},{"jid":2,"status":"done"}]}
            {"id":[4],"selected":2,"changed":1}
            {"id":6,"info":{"7":{"status":"done"}}}
            {"id":7,"jid":12}

            """,
            ran.Output
        );
        Assert.Equal((0, ""), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task Ls_answers_with_rows()
    {
        var (_, answers) = await BatchAsync(
            """{"ls": "status=done", "limit": 5, "expand": true}"""
        );

        Assert.Equal(7, answers[0].GetProperty("jobs")[0].GetProperty("jid").GetInt64());
        var request = Cloud.The<ListRequest>();
        Assert.Equal(("status=done", 5, true), (request.Query, request.Limit, request.Expand));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"id": 1}""")]
    [InlineData("""{"exec": {"command": "true"}""")]
    [InlineData("""{"exec": {}}""")]
    [InlineData("""{"exec": 5}""")]
    [InlineData("""{"exec": {"command": "true", "colour": "red"}}""")]
    [InlineData("""{"exec": {"command": "true", "priority": "high"}}""")]
    [InlineData("""{"exec": {"command": "true", "memory": "lots"}}""")]
    [InlineData("""{"exec": {"command": "true", "depends_on": "5-3"}}""")]
    [InlineData("""{"exec": {"command": "true", "depends_on_errors": "maybe"}}""")]
    [InlineData("""{"exec": {"command": "true", "isolate": "disk"}}""")]
    [InlineData("""{"exec": {"command": "true", "stdin": "no-such-file"}}""")]
    [InlineData("""{"exec": {"command": "true", "range": "1-3"}}""")]
    [InlineData("""{"mapexec": {"command": "true"}}""")]
    [InlineData("""{"mapexec": {"command": "true", "map_data": {"a": [1, 2], "b": [1]}}}""")]
    [InlineData("""{"status": "x"}""")]
    [InlineData("""{"status": {}}""")]
    [InlineData("""{"info": 1, "items": "nosuch"}""")]
    [InlineData("""{"dance": 1}""")]
    [InlineData("""{"kill": 1, "delete": 1}""")]
    public async Task A_malformed_line_gets_its_own_error(string line)
    {
        var (ran, answers) = await BatchAsync(line, """{"exec": "true"}""");

        Assert.Equal(3, ran.Code);
        Assert.Equal("usage", answers[0].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1, answers[0].GetProperty("id").GetInt64());
        Assert.Equal(1, answers[1].GetProperty("jid").GetInt64());
        Cloud.The<SubmitRequest>();
    }

    [Fact]
    public async Task A_refusal_answers_only_its_line()
    {
        var (ran, answers) = await BatchAsync(
            """{"id": "a", "delete": "9"}""",
            """{"exec": "true"}"""
        );

        var error = answers[0].GetProperty("error");
        Assert.Equal(3, ran.Code);
        Assert.Equal(9, error.GetProperty("jid").GetInt64());
        Assert.Equal("There is no job 9.", error.GetProperty("message").GetString());
        Assert.Equal(2, answers.Count);
    }

    [Fact]
    public async Task Every_member_is_sent_in_the_request()
    {
        WriteFile("input", "data");

        await BatchAsync(
            """
            {"mapexec": {"command": ["run", "{a}", "{b}", "{c}", "{i}"], "type": "c2", "cores": 4,
            "memory": "2G", "env": "sci", "vol": ["data", "more"],
            "isolate": "network", "label": "night", "return": "out.txt",
            "ignore_exit_status": true, "cwd": "work", "max_runtime": 2, "depends_on": "3,5-6",
            "depends_on_errors": "ignore", "not_restartable": true, "priority": -3,
            "data": {"a": 1, "b": "@input"}, "os_env": {"K": "V"}, "retries": 2, "backoff": "90s",
            "profile": true, "request_id": "token", "shell": "none", "stdin": "input", "dry_run": true,
            "map_data": {"c": ["x", "@input"]}, "range": ["i=1-2"], "copies": 3,
            "max_parallel": 4, "max_fails": 1}}
            """.ReplaceLineEndings(" ")
        );

        var request = Cloud.The<SubmitRequest>();
        var file = Google.Protobuf.ByteString.CopyFromUtf8("data");
        Assert.Equal(
            new JobSpec
            {
                Command = "run {a} {b} {c} {i}",
                Argv = true,
                CoreType = "c2",
                Cores = 4,
                MemoryBytes = 2L << 30,
                Environment = "sci",
                Volumes = { "data", "more" },
                IsolateNetwork = true,
                Label = "night",
                ReturnFile = "out.txt",
                IgnoreExitStatus = true,
                WorkingDirectory = $"{Paths.Home}/work",
                MaxRuntimeMs = 120_000,
                DependsOnErrors = DependencyPolicy.Ignore,
                NotRestartable = true,
                Priority = -3,
                Data =
                {
                    new Parameter { Name = "a", Value = "1" },
                    new Parameter
                    {
                        Name = "b",
                        Value = "input",
                        File = file,
                    },
                },
                Variables =
                {
                    new Variable { Name = "K", Value = "V" },
                },
                Retries = 2,
                RetryBackoffMs = 90_000,
                Profile = true,
                Shell = "none",
                Stdin = file,
                MaxParallel = 4,
                MaxFails = 1,
            },
            request.Spec
        );
        Assert.Equal([Range(3, 3), Range(5, 6)], request.Dependencies.Items);
        Assert.Equal(
            (6, true, true, "token"),
            (request.Count, request.IsMap, request.DryRun, request.RequestId)
        );
        Assert.Equal(["x", "input"], request.Columns.Single(c => c.Name == "c").List.Values);
    }

    [Fact]
    public async Task Answers_are_written_in_the_order_of_the_lines()
    {
        const int Lines = 5_000;
        Cloud.Reorder = (replies, reply) =>
        {
            replies.Add(reply);
            return replies.Count >= 100 ? Drain(replies) : [];
        };

        var (ran, answers) = await BatchAsync([
            .. Enumerable.Range(1, Lines).Select(i => $$"""{"exec": "echo {{i}}"}"""),
        ]);

        Assert.Equal(0, ran.Code);
        Assert.Equal(
            Enumerable.Range(1, Lines),
            answers.Select(answer => answer.GetProperty("id").GetInt32())
        );
        Assert.All(
            answers,
            answer =>
                Assert.Equal(
                    answer.GetProperty("id").GetInt64(),
                    answer.GetProperty("jid").GetInt64()
                )
        );
    }

    private static List<Reply> Drain(List<Reply> replies)
    {
        var reversed = Enumerable.Reverse(replies).ToList();
        replies.Clear();
        return reversed;
    }

    [Fact]
    public async Task A_file_is_read_like_stdin()
    {
        WriteFile("requests", """{"exec": "true"}""" + "\n");

        Assert.Equal("""{"id":1,"jid":1}""" + "\n", (await RunAsync("batch", "requests")).Output);
        Assert.Equal(2, (await RunAsync("batch", "no-such-file")).Code);
    }

    [Fact]
    public async Task A_broken_session_is_reported()
    {
        Cloud.Session = _ =>
            throw ScriptedCloud.Refusal(RefusalCode.StoreUnavailable, "Try again.");

        var (ran, _) = await BatchAsync([.. Enumerable.Repeat("""{"exec": "true"}""", 3_000)]);

        Assert.Equal(
            (3, "Try again. Trying again for up to 5 s …\nTry again.\n"),
            (ran.Code, ran.Error)
        );
    }
}
