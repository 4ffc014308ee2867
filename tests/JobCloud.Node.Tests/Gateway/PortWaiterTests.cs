using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Node.Tests.Gateway;

public sealed class PortWaiterTests : SegmentsTest
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(5);
    private readonly CancellationTokenSource _soon = new(Limit);

    [Fact]
    public async Task A_wait_on_a_queued_job_ends_when_its_node_finds_the_port()
    {
        Submitted((1, 1));
        await using var replies = Await(1, 8000);
        Assert.Equal(Status.Queued, StatusOf(await NextAsync(replies)));
        Assert.Empty(Asked());

        var processing = NextAsync(replies);
        Started(1);
        Assert.Equal(Status.Processing, StatusOf(await processing));
        var question = Next<ReadPorts>(Agents);
        Assert.Equal(
            ("n1", 1, 1, Transport.Tcp, 8000),
            (
                question.Node,
                question.Attempts.Single().Jid,
                question.Attempts.Single().Attempt,
                question.Awaited.Transport,
                question.Awaited.Port
            )
        );
        Agents.Reply(Found(1));
        Next<ReadPorts>(Agents);
        Agents.Reply(Found(1, Port(8000)));

        var last = await LastAsync(replies);
        Assert.Equal((true, Port(8000), null), (last.Finished, last.Port, last.Refusal));
    }

    [Fact]
    public async Task A_wait_is_refused_when_the_job_finishes()
    {
        Submitted((1, 1));
        await using var replies = Await(1, 8000);
        await NextAsync(replies);

        Ask(Kill(1));

        var last = await LastAsync(replies);
        Assert.Null(last.Port);
        Assert.StartsWith(
            "Job 1 is killed and can no longer listen on tcp port 8000",
            last.Refusal.Message
        );
    }

    [Fact]
    public async Task A_wait_is_refused_when_the_job_ends_while_its_node_watches()
    {
        Submitted((1, 1));
        Started(1);
        await using var replies = Await(1, 8000);
        await NextAsync(replies);
        Next<ReadPorts>(Agents);

        Tell(Report(Ended(1, code: 3)));

        Assert.Contains("error", (await LastAsync(replies)).Refusal.Message);
    }

    [Fact]
    public async Task An_unreachable_port_is_refused_with_the_reason()
    {
        Submitted((1, 1));
        Started(1);
        await using var replies = Await(1, 8000);
        var last = LastAsync(replies);
        Next<ReadPorts>(Agents);
        Agents.Reply(Found(1, new JobPort { Port = 8000, Trouble = "no port is free" }));

        Assert.Equal(
            "Job 1 listens on tcp port 8000, but clients cannot reach it: no port is free.",
            (await last).Refusal.Message
        );
    }

    [Fact]
    public async Task An_unreachable_node_is_asked_again()
    {
        Submitted((1, 1));
        Started(1);
        await using var replies = Await(1, 8000);
        var last = LastAsync(replies);
        Next<ReadPorts>(Agents);
        Agents.Reply(new PortsRead());
        Next<ReadPorts>(Agents);
        Agents.Reply(Found(1, Port(8000)));

        Assert.Equal(Port(8000), (await last).Port);
    }

    [Fact]
    public async Task A_failed_question_fails_the_wait_at_once()
    {
        Submitted((1, 1));
        Started(1);
        await using var replies = Await(1, 8000);
        var last = LastAsync(replies);
        Next<ReadPorts>(Agents);
        Agents.Reply(new Akka.Actor.Status.Failure(new InvalidDataException("not ports")));

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => last);
        Assert.Equal("not ports", failure.Message);
    }

    [Theory]
    [InlineData(5, 8000, "There is no job 5.")]
    [InlineData(1, 0, "0 is not a valid port; use a number from 1 to 65535.")]
    [InlineData(1, 65_536, "65536 is not a valid port; use a number from 1 to 65535.")]
    public async Task An_unknown_job_and_an_invalid_port_are_refused(
        long jid,
        int port,
        string message
    )
    {
        Submitted((1, 1));
        await using var replies = Await(jid, port);

        Assert.True(await replies.MoveNextAsync());
        Assert.Equal(message, replies.Current.Refusal!.Message);
    }

    protected override void AfterAll()
    {
        _soon.Dispose();
        base.AfterAll();
    }

    private PortClient Reader() => new(Agents, Limit, Limit);

    private IAsyncEnumerator<Outcome<AwaitReply>> Await(long jid, int port) =>
        new PortWaiter(Client, Subscriptions, Reader(), RetryDelay)
            .AwaitAsync(new Jid(jid), new AwaitedPort { Port = port }, Ann, _soon.Token)
            .GetAsyncEnumerator();

    private static async Task<AwaitReply> NextAsync(IAsyncEnumerator<Outcome<AwaitReply>> replies)
    {
        Assert.True(await replies.MoveNextAsync());
        return replies.Current.Reply!;
    }

    private static async Task<AwaitReply> LastAsync(IAsyncEnumerator<Outcome<AwaitReply>> replies)
    {
        AwaitReply? last = null;
        while (await replies.MoveNextAsync())
            last = replies.Current.Reply;
        return last!;
    }

    private static Status StatusOf(AwaitReply reply) =>
        (Status)reply.Counts.ToList().FindIndex(count => count > 0);

    private void Started(long jid)
    {
        Tell(Assign(jid));
        Tell(
            Report(
                new AttemptReport
                {
                    Jid = jid,
                    Attempt = 1,
                    Started = new AttemptStart { Pid = 7, StartedAt = 5 },
                }
            )
        );
    }

    private List<ReadPorts> Asked()
    {
        var asked = new List<ReadPorts>();
        while (Agents.HasMessages)
            if (Agents.ReceiveOne(TimeSpan.Zero) is ReadPorts question)
                asked.Add(question);
        return asked;
    }

    private static JobPort Port(int port) =>
        new()
        {
            Port = port,
            Address = "10.0.0.7",
            ReachedPort = port,
        };

    private static PortsRead Found(long jid, params JobPort[] ports) =>
        new()
        {
            Attempts =
            {
                new AttemptPorts
                {
                    Jid = jid,
                    Attempt = 1,
                    Ports = new JobPorts { Ports = { ports } },
                },
            },
        };
}
