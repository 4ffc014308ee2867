using System.Collections.Concurrent;
using Google.Protobuf;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Batches;

/// <summary>A node that answers submissions late, and everything else at once.</summary>
public sealed class BatchOrderTests : CommandTest
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentQueue<string> _seen = new();
    private int _open;
    private int _mostOpen;
    private long _jid;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.SessionDelay = async message =>
        {
            _seen.Enqueue($"{NameOf(message)} with {_open} open");
            if (message is not SubmitRequest)
                return;
            _mostOpen = Math.Max(_mostOpen, Interlocked.Increment(ref _open));
            await Task.Delay(Late);
        };
        Cloud.Session = message =>
        {
            if (message is not SubmitRequest)
                return message is StatusRequest ? new StatusReply() : new ChangeReply();
            Interlocked.Decrement(ref _open);
            var jid = Interlocked.Increment(ref _jid);
            return new SubmitReply { First = jid, Last = jid };
        };
    }

    private static string NameOf(IMessage message) =>
        message.Descriptor.Name.Replace("Request", "").ToLowerInvariant();

    private async Task<string> RunBatchAsync(params string[] lines)
    {
        Input = string.Join('\n', lines);
        var ran = await RunAsync("batch");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        return string.Join('\n', _seen);
    }

    [Fact]
    public async Task A_change_is_carried_out_after_the_submissions_before_it()
    {
        var seen = await RunBatchAsync(
            """{"exec": "a"}""",
            """{"exec": "b"}""",
            """{"kill": "last"}""",
            """{"exec": "c"}""",
            """{"status": "last"}""",
            """{"retry": "last"}"""
        );

        Assert.Equal(
            """
            submit with 0 open
            submit with 0 open
            kill with 0 open
            submit with 0 open
            status with 0 open
            retry with 0 open
            """,
            seen
        );
    }

    [Theory]
    [InlineData("last")]
    [InlineData("label:x")]
    [InlineData("1-2")]
    public async Task A_submission_waits_for_those_before_it_that_it_may_depend_on(string jids)
    {
        var seen = await RunBatchAsync(
            """{"exec": "a"}""",
            """{"exec": {"command": "b", "depends_on": "JIDS"}}""".Replace("JIDS", jids)
        );

        Assert.Equal("submit with 0 open\nsubmit with 0 open", seen);
    }

    [Fact]
    public async Task Consecutive_submissions_are_carried_out_together()
    {
        await RunBatchAsync([.. Enumerable.Repeat("""{"exec": "a"}""", 500)]);

        Assert.True(_mostOpen > 50, $"{_mostOpen}");
    }

    [Fact]
    public async Task Submissions_that_depend_on_jobs_known_by_their_jids_do_not_wait()
    {
        await RunBatchAsync([
            """{"exec": "a"}""",
            .. Enumerable.Repeat("""{"exec": {"command": "b", "depends_on": 1}}""", 500),
        ]);

        Assert.True(_mostOpen > 50, $"{_mostOpen}");
    }
}
