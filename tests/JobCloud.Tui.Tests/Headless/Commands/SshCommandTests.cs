using System.Text;
using Google.Protobuf;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;
using JobCloud.Tui.Headless;
using JobCloud.Tui.Headless.Processes;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless.Commands;

/// <summary>The commands that open terminals, against a node with scripted terminals.</summary>
public sealed class SshCommandTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("jc-").FullName;
    private ScriptedTerminals _node = null!;

    public Task InitializeAsync()
    {
        _node = new ScriptedTerminals(
            new HomePaths(_home).GatewaySocket,
            PlainProtocol.TerminalGreeting
        );
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_command_gets_stdin_and_returns_both_outputs_and_its_exit_code()
    {
        OpenTerminal? open = null;
        _node.Script = async peer =>
        {
            open = (await peer.ReceiveAsync())!.Open;
            await peer.OpenedAsync();
            var input = new StringBuilder();
            while (await peer.ReceiveAsync() is { EndOfInput: null } message)
                input.Append(message.Input.ToStringUtf8());
            await peer.SayAsync($"got {input}");
            await peer.SendAsync(
                new FromTerminal { ErrorOutput = ByteString.CopyFromUtf8("and a word") }
            );
            await peer.CloseAsync(42);
        };

        var ran = await RunAsync("some input", "ssh", "7", "grep", "-v", "x");

        Assert.Equal((42, "got some input", "and a word"), (ran.Code, ran.Out, ran.Err));
        Assert.Equal(
            (7, TerminalKind.Command, "grep -v x", null),
            (open!.Jid, open.Kind, open.Command, open.Pty)
        );
    }

    [Theory]
    [InlineData("ssh -t 7 top", true)]
    [InlineData("ssh 7 top", false)]
    [InlineData("ssh 7", false)]
    public async Task A_pty_is_allocated_as_OpenSSH_does(string line, bool hasPty)
    {
        OpenTerminal? open = null;
        _node.Script = async peer =>
        {
            open = (await peer.ReceiveAsync())!.Open;
            await peer.OpenedAsync();
            await peer.CloseAsync(0);
        };
        Assert.Equal(0, (await RunAsync("", line.Split(' '))).Code);
        Assert.Equal(hasPty, open!.Pty is not null);
        if (hasPty)
            Assert.Equal(
                ("xterm-x", 80, 24),
                (open.Pty!.Term, open.Pty.Size.Columns, open.Pty.Size.Rows)
            );
    }

    [Fact]
    public async Task Ssh_prints_on_stderr_why_it_waits()
    {
        _node.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.SendAsync(
                new FromTerminal
                {
                    Waits = new TerminalWaits
                    {
                        Status = Status.Queued,
                        Why = "no node has 8 cores free",
                    },
                }
            );
            await peer.OpenedAsync();
            await peer.CloseAsync(0);
        };
        var ran = await RunAsync("", "ssh", "7", "true");
        Assert.Equal("Waiting for job 7, which is queued: no node has 8 cores free …\n", ran.Err);
    }

    [Fact]
    public async Task A_refusal_is_printed_and_exits_with_3()
    {
        _node.Script = async peer =>
        {
            Assert.Equal(1_500, (await peer.ReceiveAsync())!.Open.WaitMs);
            await peer.SendAsync(
                new FromTerminal { Refusal = TerminalMessages.TooLate(new Jid(7), Status.Done) }
            );
        };
        var ran = await RunAsync("", "ssh", "--timeout", "1.5", "7");
        Assert.Equal((3, "Job 7 is done and accepts no more terminals.\n"), (ran.Code, ran.Err));
    }

    [Fact]
    public async Task A_lost_node_exits_with_3()
    {
        _node.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.CloseAsync(
                0,
                ClosedBy.Node,
                "Lost the connection to node n2, which runs job 7."
            );
        };
        var ran = await RunAsync("", "ssh", "7", "cat");
        Assert.Equal(
            (3, "Lost the connection to node n2, which runs job 7. Connection closed.\n"),
            (ran.Code, ran.Err)
        );
    }

    [Fact]
    public async Task A_lost_connection_exits_with_3_and_suggests_a_reconnect()
    {
        _node.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
        };
        var ran = await RunAsync("", "ssh", "7", "cat");
        Assert.Equal(3, ran.Code);
        Assert.Contains("'jobcloud ssh 7'", ran.Err);
    }

    [Fact]
    public async Task Input_and_output_have_flow_control()
    {
        const int Size = 200_000;
        var maximum = 0;
        _node.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync(window: 20_000);
            var (untaken, total) = (0, 0);
            while (await peer.ReceiveAsync() is { EndOfInput: null } message)
            {
                untaken += message.Input.Length;
                total += message.Input.Length;
                maximum = Math.Max(maximum, untaken);
                if (untaken < 20_000 && total < Size)
                    continue;
                await peer.SendAsync(new FromTerminal { Taken = untaken });
                untaken = 0;
            }
            await peer.SayAsync($"{total}");
            await peer.SendAsync(
                new FromTerminal { Output = ByteString.CopyFrom(new byte[64 << 10]) }
            );
            Assert.Equal((64 << 10) + 6, (await peer.ReceiveAsync())!.Taken);
            await peer.CloseAsync(0);
        };
        var ran = await RunAsync(new string('x', Size), "ssh", "7", "wc");
        Assert.Equal((0, "200000"), (ran.Code, ran.Out[..6]));
        Assert.Equal(20_000, maximum);
    }

    [Theory]
    [InlineData("ssh -t -T 7", "mutually exclusive")]
    [InlineData("ssh x", "'x' is not a jid")]
    [InlineData("ssh", "Missing argument JID")]
    [InlineData("ssh-proxy nonsense", "'nonsense' is not a job")]
    public async Task A_malformed_command_line_exits_with_2(string line, string message)
    {
        var ran = await RunAsync("", line.Split(' '));
        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Err);
    }

    [Fact]
    public async Task The_configuration_for_OpenSSH_contains_this_command_and_its_own_key()
    {
        var ran = await RunAsync("", "ssh-config");
        if (!IsInstalled("ssh-keygen"))
        {
            Assert.Contains("OpenSSH is not installed", ran.Err);
            return;
        }
        Assert.Contains("Host job-*\n", ran.Out);
        Assert.Contains($"  IdentityFile \"{_home}/ssh/id_ed25519\"\n", ran.Out);
        Assert.Contains($"  ProxyCommand env JOBCLOUD_HOME={_home} ", ran.Out);
        Assert.Contains(" ssh-proxy %n\n", ran.Out);
        Assert.StartsWith(
            "ssh-ed25519 ",
            await File.ReadAllTextAsync($"{_home}/ssh/id_ed25519.pub")
        );
        Assert.Equal(ran.Out, (await RunAsync("", "ssh-config")).Out);
    }

    [Fact]
    public async Task Ssh_proxy_forwards_a_connection_with_its_public_key()
    {
        if (!IsInstalled("ssh-keygen"))
            return;
        OpenTerminal? open = null;
        _node.Script = async peer =>
        {
            open = (await peer.ReceiveAsync())!.Open;
            await peer.OpenedAsync();
            await peer.SayAsync("SSH-2.0-test");
            await peer.CloseAsync(255);
        };
        var ran = await RunAsync("", "ssh-proxy", "job-42");
        Assert.Equal((0, "SSH-2.0-test"), (ran.Code, ran.Out));
        Assert.Equal((42, TerminalKind.SshServer, null), (open!.Jid, open.Kind, open.Pty));
        Assert.StartsWith("ssh-ed25519 ", open.PublicKey.ToStringUtf8());
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists($"{folder}/{program}"));

    private async Task<(int Code, string Out, string Err)> RunAsync(
        string input,
        params string[] args
    )
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        await using var error = new StreamWriter(errors) { AutoFlush = true };
        var terminal = new CommandProcess
        {
            Output = output,
            Error = error,
            ErrorBytes = errors,
            Input = new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Variable = name =>
                name switch
                {
                    "JOBCLOUD_HOME" => _home,
                    "TERM" => "xterm-x",
                    _ => null,
                },
            Directory = _home,
            Programs = "/nonexistent",
            Clock = new ImpatientClock(),
        };
        var code = await Task.Run(() => Application.RunAsync(args, terminal));
        return (
            code,
            Encoding.UTF8.GetString(output.ToArray()),
            Encoding.UTF8.GetString(errors.ToArray())
        );
    }

    /// <summary>A clock whose timers fire at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            callback(state);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }
}
