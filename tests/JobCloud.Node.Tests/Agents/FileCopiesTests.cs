using Akka.Actor;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

/// <summary>Attempts that get copies of files.</summary>
public sealed class FileCopiesTests : AgentTest
{
    private static readonly BlobRef Content = BlobRules.RefOf("content"u8);
    private readonly TaskCompletionSource _copied = new();
    private readonly string _home = Directory.CreateTempSubdirectory("jc-copies-").FullName;

    public FileCopiesTests()
    {
        Settings = Settings with { Home = new(_home) };
        CopyBlob = (blob, path, cancel) =>
        {
            Assert.Equal(Content, blob);
            return _copied.Task.WaitAsync(cancel);
        };
    }

    [Fact]
    public void An_attempt_starts_when_its_copies_are_made()
    {
        var agent = StartAgent();
        agent.Tell(WithFiles(7));
        agent.Tell(Order(8));
        AssertStarts(8);

        _copied.SetResult();

        AssertStarts(7, 8);
        var start = Executor.Starts.Single(one => one.Jid == 7);
        Assert.Equal($"{_home}/attempts/copies/7.1.0", start.StdinCopy);
        Assert.Equal($"{_home}/attempts/copies/7.1.1", Assert.Single(start.Files).Copy);
    }

    [Fact]
    public void An_attempt_without_its_copies_ends_with_the_reason()
    {
        var agent = StartAgent();
        agent.Tell(WithFiles(7));
        _copied.SetException(new BlobFailureException("a file is missing", isPassing: false));
        var report = Assert.Single(Reports(1, linger: true));
        Assert.Equal("a file is missing", report.Ended.Exit.NotStarted);
        Assert.Empty(Executor.Starts);
    }

    [Fact]
    public void An_attempt_is_handed_back_if_its_copies_cannot_be_made_for_now()
    {
        var agent = StartAgent();
        agent.Tell(WithFiles(7));
        _copied.SetException(new BlobFailureException("the disk is full", isPassing: true));
        Assert.NotNull(Assert.Single(Reports(1, linger: true)).NeverStarted);
    }

    [Fact]
    public void An_attempt_that_is_stopped_before_its_copies_are_made_never_starts()
    {
        var agent = StartAgent();
        agent.Tell(WithFiles(7));
        Settle(agent);
        agent.Tell(
            new StopAttempts
            {
                Node = "n1",
                Attempts =
                {
                    new StopAttempt { Jid = 7, Attempt = 1 },
                },
            }
        );
        Assert.NotNull(Assert.Single(Reports(1, linger: true)).NeverStarted);
        Assert.Empty(Executor.Starts);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Directory.Delete(_home, recursive: true);
    }

    private static StartAttempts WithFiles(long jid)
    {
        var order = Order(jid);
        order.Groups[0].Spec.StdinBlob = Content;
        order
            .Groups[0]
            .Spec.Data.Add(
                new Parameter
                {
                    Name = "f",
                    Value = "f",
                    Blob = Content,
                }
            );
        return order;
    }
}
