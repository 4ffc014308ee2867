using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class LogsCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Output = _ => [Chunk("a\n", end: false), Chunk("b", attempt: 2)];
    }

    [Fact]
    public async Task Output_is_printed_byte_for_byte()
    {
        var ran = await RunAsync("logs", "7");

        Assert.Equal((0, "a\nb", ""), (ran.Code, ran.Output, ran.Error));
        Assert.Equal(new OutputRequest { Jid = 7 }, Cloud.The<OutputRequest>());
    }

    [Fact]
    public async Task The_options_are_sent_in_the_request()
    {
        await RunAsync("logs 7 -f --stderr --tail 20 --attempt 2".Split(' '));

        Assert.Equal(
            new OutputRequest
            {
                Jid = 7,
                Follow = true,
                Stream = OutputStream.Stderr,
                TailLines = 20,
                Attempt = 2,
            },
            Cloud.The<OutputRequest>()
        );
    }

    [Theory]
    [InlineData("--logging", OutputStream.Logging, "logging")]
    [InlineData("--syslog", OutputStream.Syslog, "syslog")]
    public async Task Logging_and_syslog_are_streams(
        string option,
        OutputStream stream,
        string name
    )
    {
        var ran = await RunAsync("-o", "json", "logs", "7", option);

        Assert.Equal(stream, Cloud.The<OutputRequest>().Stream);
        Assert.Contains($"\"{name}\":\"a\\nb\"", ran.Output);
    }

    [Fact]
    public async Task Since_accepts_an_instant()
    {
        await RunAsync("logs", "7", "--since", "1970-01-01T01:00:00Z");

        Assert.Equal(3_600_000_000, Cloud.The<OutputRequest>().Since);
    }

    [Fact]
    public async Task Since_accepts_a_duration()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-10);
        await RunAsync("logs", "7", "--since", "10m");
        var after = DateTimeOffset.UtcNow.AddMinutes(-10);

        var since = DateTimeOffset.UnixEpoch.AddMicroseconds(Cloud.The<OutputRequest>().Since);
        Assert.InRange(since, before.AddMilliseconds(-1), after);
    }

    [Theory]
    [InlineData("--since soon", "'soon' is not a time")]
    [InlineData("--since 10m --tail 5", "mutually exclusive")]
    public async Task An_invalid_since_is_a_usage_error(string options, string message)
    {
        var ran = await RunAsync(["logs", "7", .. options.Split(' ')]);

        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Error);
    }

    [Fact]
    public async Task Dropped_output_is_reported_with_a_reason()
    {
        Cloud.Output = _ =>
            [
                new OutputChunk
                {
                    Jid = 7,
                    Attempt = 1,
                    Data = Google.Protobuf.ByteString.CopyFromUtf8("end"),
                    Offset = 12,
                    Dropped = 12,
                    DroppedWhy = "node n1 is unreachable",
                    End = true,
                },
            ];

        var ran = await RunAsync("logs", "7");

        Assert.Equal(
            (0, "end", "12 bytes of job 7 before byte 12 were not kept: node n1 is unreachable.\n"),
            (ran.Code, ran.Output, ran.Error)
        );
    }

    [Fact]
    public async Task Output_in_JSON_is_one_document()
    {
        Assert.Equal(
            """{"version":1,"jid":7,"attempt":2,"stdout":"a\nb"}""" + "\n",
            (await RunAsync("-o", "json", "logs", "7")).Output
        );
    }

    [Fact]
    public async Task A_refusal_is_printed()
    {
        Cloud.Output = _ =>
            throw ScriptedCloud.Refusal(RefusalCode.DeletedJob, "Job 7 was deleted.", 7);

        Assert.Equal("Job 7 was deleted.\n", (await RunAsync("logs", "7")).Error);
    }

    [Fact]
    public async Task Grep_prints_the_lines_that_the_node_finds()
    {
        Cloud.Search = _ => [Found("a 1", "a 2"), Found("a 3")];

        var ran = await RunAsync("logs 7 --grep a --regex --stderr".Split(' '));

        Assert.Equal((0, "a 1\na 2\na 3\n", ""), (ran.Code, ran.Output, ran.Error));
        Assert.Equal(
            new SearchRequest
            {
                Output = new OutputRequest { Jid = 7, Stream = OutputStream.Stderr },
                Pattern = "a",
                Regex = true,
                Texts = true,
            },
            Cloud.The<SearchRequest>()
        );
    }

    [Fact]
    public async Task Count_prints_the_number_of_lines_found()
    {
        Cloud.Search = _ => [Found("", ""), Found("")];

        Assert.Equal("3\n", (await RunAsync("logs", "7", "--grep", "a", "-c")).Output);
        Assert.False(Cloud.The<SearchRequest>().Texts);
        Assert.Equal(
            """{"version":1,"jid":7,"attempt":1,"matches":3}""" + "\n",
            (await RunAsync("-o", "json", "logs", "7", "--grep", "a", "-c")).Output
        );
    }

    [Fact]
    public async Task A_search_that_was_interrupted_continues_with_the_next_line()
    {
        var asked = new List<SearchRequest>();
        Cloud.Search = request =>
        {
            asked.Add(request);
            return asked.Count == 1 ? Interrupted() : [Found("c")];
        };

        var ran = await RunAsync("logs", "7", "--grep", "c");

        Assert.Equal((0, "a\nb\nc\n"), (ran.Code, ran.Output));
        Assert.Equal((1, 40), (asked[1].Output.Attempt, asked[1].Output.Offset));

        static IEnumerable<SearchReply> Interrupted()
        {
            yield return Found("a", "b");
            throw ScriptedCloud.Refusal(RefusalCode.Busy, "The node stops.");
        }
    }

    [Fact]
    public async Task Dropped_output_is_reported_by_a_search_too()
    {
        var reply = Found("a");
        (reply.Dropped, reply.DroppedWhy, reply.KeptFrom) = (5, "it is old", 12);
        Cloud.Search = _ => [reply];

        Assert.Equal(
            "5 bytes of job 7 before byte 12 were not kept: it is old.\n",
            (await RunAsync("logs", "7", "--grep", "a")).Error
        );
    }

    [Fact]
    public async Task Count_without_grep_is_a_usage_error()
    {
        var ran = await RunAsync("logs", "7", "-c");

        Assert.Equal((2, "--regex and --count need --grep.\n"), (ran.Code, ran.Error));
    }

    private static SearchReply Found(params string[] lines)
    {
        var reply = new SearchReply
        {
            Jid = 7,
            Attempt = 1,
            Next = 40,
        };
        foreach (var line in lines)
            reply.Matches.Add(
                new SearchMatch { Text = Google.Protobuf.ByteString.CopyFromUtf8(line) }
            );
        return reply;
    }
}
