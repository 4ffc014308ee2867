using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The handler with real segments and a scripted node.</summary>
public sealed class FilesHandlerTests : SegmentsTest
{
    private const string Content = "0123456789";
    private readonly List<ReadFiles> _asked = [];
    private FilesRead? _missing;

    [Fact]
    public void A_file_is_streamed_from_the_node_of_the_attempt()
    {
        End();
        var replies = Replies(new() { Jid = 1, Path = "f" });
        Assert.Equal(Content, string.Concat(replies.Select(r => r.Reply!.Data.ToStringUtf8())));
        Assert.All(replies, reply => Assert.Equal(1, reply.Reply!.Attempt));
        Assert.Equal(("n1", 1L, 1), (_asked[0].Node, _asked[0].Jid, _asked[0].Attempt));
        Assert.Equal(
            "789",
            Replies(
                new()
                {
                    Jid = 1,
                    Path = "f",
                    Offset = 7,
                }
            )[0]
                .Text()
        );
    }

    [Fact]
    public void The_directory_of_a_running_job_is_listed()
    {
        Begin(1);
        var reply = Assert.Single(Replies(new() { Jid = 1 })).Reply!;
        Assert.True(reply.IsDirectory);
        Assert.Equal(["a", "b"], reply.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_job_that_left_nothing_has_an_empty_directory()
    {
        End();
        _missing = new() { Missing = true };
        var reply = Assert.Single(Replies(new() { Jid = 1 })).Reply!;
        Assert.Equal((true, 0), (reply.IsDirectory, reply.Entries.Count));
        Assert.Contains("left nothing", Refused(new() { Jid = 1, Path = "f" }).Message);
    }

    [Fact]
    public void A_missing_directory_is_reported_with_the_reason()
    {
        End(ended => ended.Usage = new() { DiskBytes = 9 });
        _missing = new() { Missing = true };
        Assert.Contains("no longer kept on node n1", Refused(new() { Jid = 1 }).Message);
        _missing = new() { Trouble = "does not exist" };
        Assert.Equal(
            "The file 'f' of job 1, attempt 1, does not exist.",
            Refused(new() { Jid = 1, Path = "f" }).Message
        );
    }

    [Fact]
    public void A_directory_over_the_limit_is_reported_with_the_limit()
    {
        End(ended => ended.Exit.DirectoryDropped = 1 << 30);
        var refused = Refused(new() { Jid = 1 });
        Assert.Contains("larger than", refused.Message);
        Assert.Contains("jobcloud.executor.directory-limit", refused.Message);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData(1, 0, "", "has not started")]
    [InlineData(1, 2, "", "no attempt 2")]
    [InlineData(9, 0, "", "no job 9")]
    public void A_job_without_files_is_refused(long jid, int attempt, string path, string reason)
    {
        Ask(Submit(1));
        var request = new FilesRequest
        {
            Jid = jid,
            Attempt = attempt,
            Path = path,
        };
        Assert.Contains(reason, Refused(request).Message);
    }

    [Fact]
    public void The_directory_of_another_users_job_is_refused()
    {
        Begin(1, owner: "bob");
        Assert.Equal(RefusalCode.NotAllowed, Refused(new() { Jid = 1 }).Code);
        Assert.Empty(_asked);
    }

    private Refusal Refused(FilesRequest request) => Assert.Single(Replies(request)).Refusal!;

    private List<Outcome<FilesReply>> Replies(FilesRequest request)
    {
        return Await(new ValueTask<List<Outcome<FilesReply>>>(AllAsync()));

        async Task<List<Outcome<FilesReply>>> AllAsync()
        {
            var handler = new FilesHandler(Client, Sys.ActorOf(ScriptedActor.Of(Node)), Limit);
            var replies = new List<Outcome<FilesReply>>();
            await foreach (var reply in handler.FilesAsync(request, Ann, default))
                replies.Add(reply);
            return replies;
        }
    }

    private object? Node(object message)
    {
        var question = (ReadFiles)message;
        _asked.Add(question);
        if (_missing is not null)
            return _missing.Clone();
        if (question.Path.Length == 0)
            return new FilesRead
            {
                IsDirectory = true,
                Entries =
                {
                    new FileEntry { Name = "a" },
                    new FileEntry { Name = "b" },
                },
                Size = 2,
            };
        var rest = Content[(int)question.Offset..];
        return new FilesRead
        {
            Data = ByteString.CopyFromUtf8(rest[..Math.Min(4, rest.Length)]),
            Size = Content.Length,
        };
    }

    private void End(Action<AttemptEnd>? change = null)
    {
        Begin(1);
        var ended = Ended(1);
        change?.Invoke(ended.Ended);
        Tell(Report(ended));
        Settle();
    }
}

file static class Replied
{
    public static string Text(this Outcome<FilesReply> outcome) =>
        outcome.Reply!.Data.ToStringUtf8();
}
