using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Node.Tests.Terminals;

/// <summary>A client's frames go in; segments are real, the executor's door is a script.</summary>
public sealed class TerminalHandlerTests : SegmentsTest
{
    private readonly TestHome _home = new();
    private readonly ScriptedTerminals _executor;
    private readonly NodeTerminals _here;
    private readonly TerminalHandler _handler;
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly PipePair _pipes = new();
    private Task _serving = Task.CompletedTask;

    public TerminalHandlerTests()
    {
        var socket = _home.Settings().Paths.TerminalSocket;
        _executor = new ScriptedTerminals(socket);
        _here = new NodeTerminals("n1", socket, TimeProvider.System);
        var settings = new TerminalSettings
        {
            Window = 64 << 10,
            SessionsMax = 2,
            IdleLimit = TimeSpan.Zero,
        };
        _handler = new TerminalHandler(
            "n1",
            new TerminalWait(
                Client,
                Subscriptions,
                new ExplainHandler(Client, Agents, TimeSpan.FromMilliseconds(1))
            ),
            new TerminalRoutes("n1", _here, Sys, Agents, settings, Limit),
            new TerminalHistory(Client, _home.NodeLog),
            settings,
            () => "t1"
        );
    }

    [Fact]
    public async Task A_terminal_is_opened_on_the_jobs_node_and_carries_both_ways_to_its_end()
    {
        Processing(1);
        OpenTerminal? asked = null;
        _executor.Script = async peer =>
        {
            asked = (await peer.ReceiveAsync())!.Open;
            await peer.OpenedAsync();
            var typed = (await peer.ReceiveAsync())!.Input.ToStringUtf8();
            await peer.SayAsync($"heard {typed}");
            await peer.CloseAsync(3);
        };

        Enter(new OpenTerminal { Jid = 1, By = "eve" });
        Assert.Equal("n1", (await HearAsync()).Opened.Node);
        await SayAsync(new ToTerminal { Input = ByteString.CopyFromUtf8("hello") });
        Assert.Equal("heard hello", (await HearAsync()).Output.ToStringUtf8());
        Assert.Equal(3, (await HearAsync()).Closed.ExitCode);

        await _serving.WaitAsync(Limit);
        Assert.Equal(
            ("ann", "t1", 1, 64L << 10),
            (asked!.By, asked.Id, asked.Attempt, asked.WindowBytes)
        );
        await HistoryAsync("ann opened", "exit 3");
    }

    [Fact]
    public async Task Info_shows_who_is_in_a_job_as_long_as_they_are()
    {
        Processing(1);
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.ReceiveAsync();
            await peer.CloseAsync(0);
        };
        Enter(
            new OpenTerminal
            {
                Jid = 1,
                Kind = TerminalKind.Command,
                Command = "make",
            }
        );
        await HearAsync();
        var view = Assert.Single(_here.In(jid: 1, attempt: 1));
        Assert.Equal(("ann", "t1", "make"), (view.By, view.Id, view.Command));

        await SayAsync(new ToTerminal { EndOfInput = new EndOfInput() });
        await _serving.WaitAsync(Limit);
        Assert.Empty(_here.In(jid: 1, attempt: 1));
    }

    [Fact]
    public async Task It_waits_until_the_job_processes_and_says_why()
    {
        Submitted((1, 1));
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.CloseAsync(0);
        };
        Enter(new OpenTerminal { Jid = 1 });
        Assert.Equal(Status.Queued, (await HearAsync()).Waits.Status);

        Start(1);
        FromTerminal message;
        do message = await HearAsync();
        while (message.Waits is not null);
        Assert.Equal(FromTerminal.MessageOneofCase.Opened, message.MessageCase);
        await _serving.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_is_refused()
    {
        Submitted((1, 1));
        Enter(new OpenTerminal { Jid = 1, WaitMs = 50 });
        FromTerminal message;
        do message = await HearAsync();
        while (message.Waits is not null);
        Assert.Equal(RefusalCode.Timeout, message.Refusal.Code);
        Assert.StartsWith("Timed out after", message.Refusal.Message);
    }

    [Theory]
    [InlineData(5, "ann", 0, "There is no job 5.")]
    [InlineData(1, "ann", 0, "Job 1 is killed: nobody can enter it any more.")]
    [InlineData(2, "bob", 0, "Job 2 belongs to another user.")]
    public async Task What_cannot_be_entered_is_refused_at_once(
        long jid,
        string user,
        int attempt,
        string message
    )
    {
        Submitted((1, 1));
        Ask(Kill(1));
        Submitted((2, 1));
        Enter(new OpenTerminal { Jid = jid, Attempt = attempt }, new Identity(user, Role.User));
        Assert.Equal(message, (await HearAsync()).Refusal.Message);
        await _serving.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_first_message_that_opens_nothing_is_refused()
    {
        _serving = _handler.ServeAsync(
            new TerminalCaller(_pipes.Near, Ann, _gone.Token, _ending.Token)
        );
        await SayAsync(new ToTerminal { Taken = 1 });
        Assert.Equal(RefusalCode.Usage, (await HearAsync()).Refusal.Code);
    }

    [Fact]
    public async Task An_executor_that_breaks_off_closes_the_terminal_after_the_last_whole_frame()
    {
        Processing(1);
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.SayAsync("first");
            // The start of a frame of 100 bytes, and no more.
            await peer.SendAsync(new byte[] { 100, 0x1a, 98, 1 });
        };
        Enter(new OpenTerminal { Jid = 1 });
        await HearAsync();
        Assert.Equal("first", (await HearAsync()).Output.ToStringUtf8());
        var closed = (await HearAsync()).Closed;
        Assert.Equal(
            (ClosedBy.Node, "Node n1, which runs job 1, went away."),
            (closed.By, closed.Why)
        );
        await HistoryAsync("ann opened", "went away");
    }

    [Fact]
    public async Task A_node_without_a_door_for_terminals_is_refused()
    {
        Processing(1);
        await _executor.DisposeAsync();
        Enter(new OpenTerminal { Jid = 1 });
        Assert.StartsWith(
            "No terminal could be opened in job 1 on node n1",
            (await HearAsync()).Refusal.Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_hangs_up_at_the_executor(bool byItsStream)
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
        Enter(new OpenTerminal { Jid = 1 });
        await HearAsync();

        if (byItsStream)
            await _pipes.Far.Output.CompleteAsync();
        else
            await _gone.CancelAsync();

        await hungUp.Task.WaitAsync(Limit);
        await _serving.WaitAsync(Limit);
        await Eventually.HoldsAsync(() => _executor.Open == 0, "the connection is closed");
        await HistoryAsync("ann opened", "its client went away");
    }

    [Fact]
    public async Task A_node_that_ends_says_so_to_those_who_are_in()
    {
        Processing(1);
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.ReceiveAsync();
        };
        Enter(new OpenTerminal { Jid = 1 });
        await HearAsync();
        await _ending.CancelAsync();
        var closed = (await HearAsync()).Closed;
        Assert.Equal(
            (ClosedBy.Node, "Node n1, which it passed through, ends."),
            (closed.By, closed.Why)
        );
        await _serving.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_holds_up_the_executor_and_nothing_is_lost()
    {
        Processing(1);
        const int Pieces = 2_000;
        var sent = 0;
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            for (; sent < Pieces; sent++)
                await peer.SayAsync(new string((char)('a' + sent % 26), 4_000));
            await peer.CloseAsync(0);
        };
        Enter(new OpenTerminal { Jid = 1 });
        await HearAsync();
        for (var i = 0; i < Pieces; i++)
        {
            if (i == 0)
                await StandsStillAsync(() => sent);
            Assert.Equal((char)('a' + i % 26), (char)(await HearAsync()).Output[3_999]);
        }
        Assert.NotNull((await HearAsync()).Closed);

        async Task StandsStillAsync(Func<int> count)
        {
            var (last, times) = (-1, 0);
            await Eventually.HoldsAsync(
                () =>
                {
                    times = count() == last ? times + 1 : 0;
                    last = count();
                    return times > 20;
                },
                "the executor is held up"
            );
            Assert.InRange(count(), 1, Pieces - 1);
        }
    }

    protected override void AfterAll()
    {
        _gone.Cancel();
        _serving.Wait(Limit);
        _executor.DisposeAsync().AsTask().Wait(Limit);
        _gone.Dispose();
        _ending.Dispose();
        _home.Dispose();
        base.AfterAll();
    }

    private void Enter(OpenTerminal open, Identity? by = null)
    {
        _serving = _handler.ServeAsync(
            new TerminalCaller(_pipes.Near, by ?? Ann, _gone.Token, _ending.Token)
        );
        SayAsync(new ToTerminal { Open = open }).Wait(Limit);
    }

    private async Task SayAsync(ToTerminal message)
    {
        _pipes.Far.Output.WriteFrame(message);
        await _pipes.Far.Output.FlushAsync();
    }

    private async Task<FromTerminal> HearAsync()
    {
        using var soon = new CancellationTokenSource(Limit);
        var from = _pipes.Far.Input;
        while (true)
        {
            var read = await from.ReadAsync(soon.Token);
            var rest = read.Buffer;
            if (TerminalScan.Next(ref rest, out _, out var body) == FrameStatus.Whole)
            {
                var message = FromTerminal.Parser.ParseFrom(body);
                from.AdvanceTo(rest.Start);
                return message;
            }
            Assert.False(read.IsCompleted, "the node broke off");
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

    /// <summary>What the journal says of the terminal, in words, in this order.</summary>
    private Task HistoryAsync(params string[] words) =>
        Eventually.HoldsAsync(
            () =>
            {
                var said = Rows()
                    .SelectMany(row => row.Events)
                    .Where(e => e.TerminalOpened is not null || e.TerminalClosed is not null)
                    .Select(e => Protocol.Reasons.EventText.Of(e)!.Message)
                    .ToArray();
                return said.Length == words.Length
                    && said.Zip(words, (line, word) => line.Contains(word)).All(fits => fits);
            },
            $"the history says: {string.Join("; ", words)}"
        );
}
