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
}
