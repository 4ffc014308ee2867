using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Outputs.Storage;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

public sealed class OutputTests : OutputTest
{
    [Property(MaxTest = 300)]
    public void The_tail_is_the_last_lines_whatever_the_chunk_size(
        byte[] dice,
        byte lines,
        byte chunk,
        byte max,
        byte dropped
    )
    {
        var bytes = dice.Select(die => die % 3 == 0 ? (byte)'\n' : die).ToArray();
        Outputs.Streams[(1, 1)] = bytes;
        Outputs.Max = max % 5 + 1;
        Outputs.Dropped = dropped % (bytes.Length + 1);
        var request = new OutputRequest { Jid = 1, TailLines = lines % 6 + 1 };

        var received = Collect(request, chunk % 9 + 1);

        Assert.Equal(LastLines(bytes[Outputs.Dropped..], request.TailLines), received);
    }

    [Fact]
    public void Without_a_tail_the_whole_output_is_sent()
    {
        Outputs.Streams[(1, 1)] = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        Assert.Equal(Outputs.Streams[(1, 1)], Collect(new OutputRequest { Jid = 1 }, 7));
    }

    [Fact]
    public async Task Follow_continues_with_later_attempts_until_the_job_finishes()
    {
        var submit = Submit(2);
        submit.Submit.Submitted.Spec.Retries = 3;
        Ask(Submit(1));
        Ask(submit);
        Outputs.Streams[(2, 1)] = "one"u8.ToArray();
        Outputs.Streams[(2, 2)] = "two"u8.ToArray();
        await using var chunks = Handler(100)
            .OutputAsync(new OutputRequest { Jid = 2, Follow = true }, Ann, default)
            .GetAsyncEnumerator();

        var next = chunks.MoveNextAsync();
        Run(attempt: 1);
        Assert.True(await next);
        AssertChunk("one", attempt: 1);

        next = chunks.MoveNextAsync();
        Tell(Report(Wrote(Ended(2, attempt: 1, code: 1))));
        Run(attempt: 2);
        Assert.True(await next);
        AssertChunk("two", attempt: 2);

        next = chunks.MoveNextAsync();
        Tell(Report(Wrote(Ended(2, attempt: 2))));
        Assert.True(await next);
        Assert.True(chunks.Current.Reply!.End);
        Assert.False(await chunks.MoveNextAsync());

        void AssertChunk(string text, int attempt)
        {
            var chunk = chunks.Current.Reply!;
            Assert.Equal((text, attempt), (chunk.Data.ToStringUtf8(), chunk.Attempt));
        }
    }

    [Fact]
    public async Task Output_that_is_notKeeps_is_refused_as_not_found()
    {
        Finished();
        var chunks = new List<Outcome<OutputChunk>>();
        await foreach (
            var chunk in Handler(100).OutputAsync(new OutputRequest { Jid = 1 }, Ann, default)
        )
            chunks.Add(chunk);
        Assert.Equal(RefusalCode.NotFound, chunks[0].Refusal!.Code);
    }

    [Fact]
    public async Task A_chunk_after_dropped_bytes_has_their_number()
    {
        Finished();
        Outputs.Streams[(1, 1)] = "0123456789"u8.ToArray();
        Outputs.Dropped = 4;
        var chunks = await ChunksAsync(new OutputRequest { Jid = 1 });
        Assert.Equal((4, 4), (chunks[0].Dropped, chunks[0].Offset));
        Assert.Contains("output-limit", chunks[0].DroppedWhy);
        Assert.All(chunks.Skip(1), chunk => Assert.Equal(0, chunk.Dropped));
        Assert.Equal(0, (await ChunksAsync(new OutputRequest { Jid = 1, Offset = 5 }))[0].Dropped);
    }

    [Theory]
    [InlineData(1, "one\ntwo\nthree\n")] // before the first sample
    [InlineData(100, "one\ntwo\nthree\n")] // within the first line, which is sent whole
    [InlineData(200, "two\nthree\n")]
    [InlineData(299, "two\nthree\n")]
    [InlineData(300, "three\n")]
    public async Task Since_sends_whole_lines_written_after_the_instant(long since, string shown)
    {
        Finished(endedAt: 1000);
        Outputs.Streams[(1, 1)] = "one\ntwo\nthree\n"u8.ToArray();
        Outputs.Timeline = Timeline((100, 2), (200, 4), (300, 8));
        Assert.Equal(shown, await TextAsync(new OutputRequest { Jid = 1, Since = since }));
    }

    [Theory]
    [InlineData(100, "")] // within the first line
    [InlineData(200, "one\n")]
    [InlineData(300, "one\ntwo\n")]
    [InlineData(1000, "one\ntwo\nthree\n")] // the attempt had ended
    public async Task Until_sends_whole_lines_written_by_the_instant(long until, string shown)
    {
        Finished(endedAt: 1000);
        Outputs.Streams[(1, 1)] = "one\ntwo\nthree\n"u8.ToArray();
        Outputs.Timeline = Timeline((100, 2), (200, 4), (300, 8));
        var request = new OutputRequest
        {
            Jid = 1,
            Attempt = 1,
            Until = until,
        };
        Assert.Equal(shown, await TextAsync(request));
        request.TailLines = 1;
        Assert.Equal(shown.Split('\n')[..^1].LastOrDefault(""), (await TextAsync(request)).Trim());
    }

    [Fact]
    public async Task A_job_had_no_output_before_it_was_submitted()
    {
        Finished(endedAt: 1000);
        Outputs.Streams[(1, 1)] = "one\n"u8.ToArray();
        Assert.Equal("", await TextAsync(new OutputRequest { Jid = 1, Until = 5 }));
    }

    [Fact]
    public async Task Without_a_timeline_the_output_until_an_instant_is_unknown()
    {
        Finished(endedAt: 1000);
        Outputs.Streams[(1, 1)] = "quick\n"u8.ToArray();
        Assert.Equal(RefusalCode.NotFound, await RefusedAsync(follow: false));
        Assert.Equal(RefusalCode.Usage, await RefusedAsync(follow: true));

        async Task<RefusalCode?> RefusedAsync(bool follow)
        {
            var request = new OutputRequest
            {
                Jid = 1,
                Attempt = 1,
                Until = 500,
                Follow = follow,
            };
            RefusalCode? code = null;
            await foreach (var chunk in Handler(5).OutputAsync(request, Ann, default))
                code ??= chunk.Refusal?.Code;
            return code;
        }
    }

    [Fact]
    public async Task Without_a_timeline_since_uses_the_end_of_the_attempt()
    {
        Finished(endedAt: 1000);
        Outputs.Streams[(1, 1)] = "quick\n"u8.ToArray();
        Assert.Equal("quick\n", await TextAsync(new OutputRequest { Jid = 1, Since = 1000 }));
        Assert.Equal("", await TextAsync(new OutputRequest { Jid = 1, Since = 1001 }));
    }

    [Fact]
    public async Task A_truncated_timeline_is_used_up_to_its_last_whole_sample()
    {
        Finished(endedAt: 1000);
        Outputs.Streams[(1, 1)] = "one\ntwo\n"u8.ToArray();
        Outputs.Timeline = Timeline((100, 4), (200, 8))[..^1];
        Assert.Equal("two\n", await TextAsync(new OutputRequest { Jid = 1, Since = 500 }));
    }

    [Fact]
    public async Task Output_missing_on_its_node_comes_from_the_store()
    {
        Finished();
        using var stores = new OutputStores();
        var store = await stores.OpenAsync(StoreProvider.Sqlite);
        await store.WriteAsync(
            [
                new(new(1, 1), OutputStream.Stdout, 6, 12, 5, "789"u8.ToArray()),
                new(new(1, 1), OutputStream.Stdout, 9, 12, 5, "abc"u8.ToArray()),
            ],
            default
        );
        var chunks = await ChunksAsync(new OutputRequest { Jid = 1 }, store);
        Assert.Equal("789abc", string.Concat(chunks.Select(chunk => chunk.Data.ToStringUtf8())));
        Assert.Equal(6, chunks[0].Dropped);
        Assert.Contains("node n1 is unreachable", chunks[0].DroppedWhy);
        Assert.Equal(1, Outputs.Asked);
    }

    private async Task<string> TextAsync(OutputRequest request) =>
        string.Concat((await ChunksAsync(request)).Select(chunk => chunk.Data.ToStringUtf8()));

    private async Task<List<OutputChunk>> ChunksAsync(
        OutputRequest request,
        OutputStore? store = null
    )
    {
        var chunks = new List<OutputChunk>();
        await foreach (var chunk in Handler(5, store).OutputAsync(request, Ann, default))
            chunks.Add(chunk.Reply!);
        return chunks;
    }

    private static byte[] Timeline(params (long At, long Stdout)[] samples)
    {
        using var bytes = new MemoryStream();
        foreach (var (at, stdout) in samples)
            new TimelineSample { At = at, StdoutBytes = stdout }.WriteDelimitedTo(bytes);
        return bytes.ToArray();
    }

    private byte[] Collect(OutputRequest request, int chunkBytes)
    {
        Finished();
        return CollectAsync().GetAwaiter().GetResult();

        async Task<byte[]> CollectAsync()
        {
            using var received = new MemoryStream();
            await foreach (var chunk in Handler(chunkBytes).OutputAsync(request, Ann, default))
                chunk.Reply!.Data.WriteTo(received);
            return received.ToArray();
        }
    }

    private void Run(int attempt)
    {
        Tell(Assign(2));
        Tell(
            Report(
                new AttemptReport
                {
                    Jid = 2,
                    Attempt = attempt,
                    Started = new AttemptStart { Pid = 7, StartedAt = 5 },
                }
            )
        );
    }

    private static byte[] LastLines(byte[] bytes, long lines)
    {
        var from = bytes.Length;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            if (bytes[i] == '\n' && i != bytes.Length - 1 && --lines == 0)
                break;
            from = i;
        }
        return bytes[from..];
    }
}
