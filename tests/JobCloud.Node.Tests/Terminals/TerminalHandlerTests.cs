using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Node.Tests.Terminals;

/// <summary>Sends the frames of a client. The segments are real, the executor's terminal socket is
/// scripted.</summary>
public sealed class TerminalHandlerTests : SegmentsTest
{
    private readonly TestHome _home = new();
    private readonly ScriptedTerminals _executor;
    private readonly NodeTerminals _local;
    private readonly TerminalHandler _handler;
    private readonly CancellationTokenSource _disconnected = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PipePair _pipes = new();
    private Task _serving = Task.CompletedTask;

    public TerminalHandlerTests()
    {
        var socket = _home.Settings().Paths.TerminalSocket;
        _executor = new ScriptedTerminals(socket);
        _local = new NodeTerminals("n1", socket, TimeProvider.System);
        var settings = new TerminalSettings
        {
            Window = 64 << 10,
            SessionsMax = 2,
            IdleLimit = TimeSpan.Zero,
        };
        _handler = new TerminalHandler(
            "n1",
            new TerminalWaiter(
                Client,
                Subscriptions,
                new ExplainHandler(Client, Agents, TimeSpan.FromMilliseconds(1))
            ),
            new TerminalRoutes("n1", _local, Sys, Agents, settings, Limit),
            new TerminalHistory(Client, _home.NodeLog),
            settings,
            () => "t1"
        );
    }

    [Fact]
    public async Task A_terminal_relays_both_directions_until_its_end()
    {
        Processing(1);
        OpenTerminal? request = null;
        _executor.Script = async peer =>
        {
            request = (await peer.ReceiveAsync())!.Open;
            await peer.OpenedAsync();
            var typed = (await peer.ReceiveAsync())!.Input.ToStringUtf8();
            await peer.SayAsync($"heard {typed}");
            await peer.CloseAsync(3);
        };

        Serve(new OpenTerminal { Jid = 1, By = "eve" });
        Assert.Equal("n1", (await ReceiveAsync()).Opened.Node);
        await SendAsync(new ToTerminal { Input = ByteString.CopyFromUtf8("hello") });
        Assert.Equal("heard hello", (await ReceiveAsync()).Output.ToStringUtf8());
        Assert.Equal(3, (await ReceiveAsync()).Closed.ExitCode);

        await _serving.WaitAsync(Limit);
        Assert.Equal(
            ("ann", "t1", 1, 64L << 10),
            (request!.By, request.Id, request.Attempt, request.WindowBytes)
        );
        await HistoryAsync("ann opened", "exit 3");
    }

    [Fact]
    public async Task Open_terminals_of_a_job_are_listed_until_they_end()
    {
        Processing(1);
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.ReceiveAsync();
            await peer.CloseAsync(0);
        };
        Serve(
            new OpenTerminal
            {
                Jid = 1,
                Kind = TerminalKind.Command,
                Command = "make",
            }
        );
        await ReceiveAsync();
        var view = Assert.Single(_local.In(jid: new Jid(1), attempt: 1));
        Assert.Equal(("ann", "t1", "make"), (view.By, view.Id, view.Command));

        await SendAsync(new ToTerminal { EndOfInput = new EndOfInput() });
        await _serving.WaitAsync(Limit);
        Assert.Empty(_local.In(jid: new Jid(1), attempt: 1));
    }

    [Fact]
    public async Task A_terminal_of_a_queued_job_waits_and_sends_the_reason()
    {
        Submitted((1, 1));
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.CloseAsync(0);
        };
        Serve(new OpenTerminal { Jid = 1 });
        Assert.Equal(Status.Queued, (await ReceiveAsync()).Waits.Status);

        Start(1);
        FromTerminal message;
        do message = await ReceiveAsync();
        while (message.Waits is not null);
        Assert.Equal(FromTerminal.MessageOneofCase.Opened, message.MessageCase);
        await _serving.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_wait_beyond_its_limit_is_refused()
    {
        Submitted((1, 1));
        Serve(new OpenTerminal { Jid = 1, WaitMs = 50 });
        FromTerminal message;
        do message = await ReceiveAsync();
        while (message.Waits is not null);
        Assert.Equal(RefusalCode.Timeout, message.Refusal.Code);
        Assert.StartsWith("Timed out after", message.Refusal.Message);
    }

    [Theory]
    [InlineData(5, "ann", 0, "There is no job 5.")]
    [InlineData(1, "ann", 0, "Job 1 is killed and accepts no more terminals.")]
    [InlineData(2, "bob", 0, "Job 2 belongs to another user.")]
    public async Task A_terminal_that_cannot_be_opened_is_refused_at_once(
        long jid,
        string user,
        int attempt,
        string message
    )
    {
        Submitted((1, 1));
        Ask(Kill(1));
        Submitted((2, 1));
        Serve(new OpenTerminal { Jid = jid, Attempt = attempt }, new Identity(user, Role.User));
        Assert.Equal(message, (await ReceiveAsync()).Refusal.Message);
        await _serving.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_first_message_without_an_open_request_is_refused()
    {
        _serving = _handler.ServeAsync(
            new TerminalClientConnection(_pipes.Near, Ann, _disconnected.Token, _stopping.Token)
        );
        await SendAsync(new ToTerminal { Taken = 1 });
        Assert.Equal(RefusalCode.Usage, (await ReceiveAsync()).Refusal.Code);
    }

    [Fact]
    public async Task A_lost_executor_connection_closes_the_terminal_after_the_last_whole_frame()
    {
        Processing(1);
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.SayAsync("first");
            // Only the start of a frame of 100 bytes.
            await peer.SendAsync(new byte[] { 100, 0x1a, 98, 1 });
        };
        Serve(new OpenTerminal { Jid = 1 });
        await ReceiveAsync();
        Assert.Equal("first", (await ReceiveAsync()).Output.ToStringUtf8());
        var closed = (await ReceiveAsync()).Closed;
        Assert.Equal(
            (ClosedBy.Node, "Lost the connection to node n1, which runs job 1."),
            (closed.By, closed.Why)
        );
        await HistoryAsync("ann opened", "Lost the connection");
    }

    [Fact]
    public async Task A_terminal_on_a_node_without_its_socket_is_refused()
    {
        Processing(1);
        await _executor.DisposeAsync();
        Serve(new OpenTerminal { Jid = 1 });
        Assert.StartsWith(
            "Could not open a terminal in job 1 on node n1",
            (await ReceiveAsync()).Refusal.Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disconnected_client_hangs_up_at_the_executor(bool byItsStream)
    {
        Processing(1);
        var hungUp = new TaskCompletionSource();
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            while (await peer.ReceiveAsync() is not null) { }
            hungUp.SetResult();
        };
        Serve(new OpenTerminal { Jid = 1 });
        await ReceiveAsync();

        if (byItsStream)
            await _pipes.Far.Output.CompleteAsync();
        else
            await _disconnected.CancelAsync();

        await hungUp.Task.WaitAsync(Limit);
        await _serving.WaitAsync(Limit);
        await Eventually.HoldsAsync(() => _executor.Open == 0, "the connection is closed");
        await HistoryAsync("ann opened", "its client disconnected");
    }

    [Fact]
    public async Task A_stopping_node_closes_its_terminals_with_the_reason()
    {
        Processing(1);
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.ReceiveAsync();
        };
        Serve(new OpenTerminal { Jid = 1 });
        await ReceiveAsync();
        await _stopping.CancelAsync();
        var closed = (await ReceiveAsync()).Closed;
        Assert.Equal((ClosedBy.Node, "Gateway node n1 is stopping."), (closed.By, closed.Why));
        await _serving.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_slow_client_delays_the_executor_and_loses_nothing()
    {
        Processing(1);
        const int Chunks = 2_000;
        var sent = 0;
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            for (; sent < Chunks; sent++)
                await peer.SayAsync(new string((char)('a' + sent % 26), 4_000));
            await peer.CloseAsync(0);
        };
        Serve(new OpenTerminal { Jid = 1 });
        await ReceiveAsync();
        for (var i = 0; i < Chunks; i++)
        {
            if (i == 0)
                await StopsAsync(() => sent);
            Assert.Equal((char)('a' + i % 26), (char)(await ReceiveAsync()).Output[3_999]);
        }
        Assert.NotNull((await ReceiveAsync()).Closed);

        async Task StopsAsync(Func<int> count)
        {
            var (last, times) = (-1, 0);
            await Eventually.HoldsAsync(
                () =>
                {
                    times = count() == last ? times + 1 : 0;
                    last = count();
                    return times > 20;
                },
                "the executor waits for the client"
            );
            Assert.InRange(count(), 1, Chunks - 1);
        }
    }

    protected override void AfterAll()
    {
        _disconnected.Cancel();
        _serving.Wait(Limit);
        _executor.DisposeAsync().AsTask().Wait(Limit);
        _disconnected.Dispose();
        _stopping.Dispose();
        _home.Dispose();
        base.AfterAll();
    }

    private void Serve(OpenTerminal open, Identity? by = null)
    {
        _serving = _handler.ServeAsync(
            new TerminalClientConnection(
                _pipes.Near,
                by ?? Ann,
                _disconnected.Token,
                _stopping.Token
            )
        );
        SendAsync(new ToTerminal { Open = open }).Wait(Limit);
    }

    private async Task SendAsync(ToTerminal message)
    {
        _pipes.Far.Output.WriteFrame(message);
        await _pipes.Far.Output.FlushAsync();
    }

    private async Task<FromTerminal> ReceiveAsync()
    {
        using var soon = new CancellationTokenSource(Limit);
        var from = _pipes.Far.Input;
        while (true)
        {
            var read = await from.ReadAsync(soon.Token);
            var rest = read.Buffer;
            if (TerminalFrameScanner.Next(ref rest, out _, out var body) == FrameStatus.Whole)
            {
                var message = FromTerminal.Parser.ParseFrom(body);
                from.AdvanceTo(rest.Start);
                return message;
            }
            Assert.False(read.IsCompleted, "the node closed the connection");
            from.AdvanceTo(rest.Start, read.Buffer.End);
        }
    }

    private void Processing(long jid)
    {
        Submitted((jid, 1));
        Start(jid);
    }

    private void Start(long jid)
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
        Settle();
    }

    /// <summary>Waits until the journal's events of the terminal contain these words, in this
    /// order.</summary>
    private Task HistoryAsync(params string[] words) =>
        Eventually.HoldsAsync(
            () =>
            {
                var messages = Rows()
                    .SelectMany(row => row.Events)
                    .Where(e => e.TerminalOpened is not null || e.TerminalClosed is not null)
                    .Select(e => Protocol.Reasons.EventText.Of(e)!.Message)
                    .ToArray();
                return messages.Length == words.Length
                    && messages.Zip(words, (line, word) => line.Contains(word)).All(fits => fits);
            },
            $"the history says: {string.Join("; ", words)}"
        );
}
