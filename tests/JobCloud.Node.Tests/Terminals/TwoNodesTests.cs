using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Tests.Agents;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Terminals;

/// <summary>A terminal with its gateway on one node and its job on another: the frames cross the
/// network.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TestHome _first = new();
    private readonly TestHome _second = new();
    private readonly TestAuthority _authority = new();
    private NodeHost _gateway = null!;
    private NodeHost _worker = null!;
    private ScriptedTerminals _executor = null!;
    private TerminalRoutes _routes = null!;

    public async Task InitializeAsync()
    {
        _authority.GiveTo(_first.Path);
        _authority.GiveTo(_second.Path);
        _gateway = await NodeHost.StartAsync(
            _first.Settings("--name", "n1"),
            _first.NodeLog,
            default,
            _ => new ScriptedExecutor()
        );
        var seed = Akka.Cluster.Cluster.Get(_gateway.System).SelfAddress;
        var settings = _second.Settings(
            "--name",
            "n2",
            "--set",
            $"jobcloud.cluster.seed-nodes=[\"{seed}\"]"
        );
        _worker = await NodeHost.StartAsync(
            settings,
            _second.NodeLog,
            default,
            _ => new ScriptedExecutor()
        );
        _executor = new ScriptedTerminals(settings.Paths.TerminalSocket);
        var agents = await _gateway
            .System.ActorSelection($"/user/{ClusterNames.Agents}")
            .ResolveOne(Limit);
        _routes = new TerminalRoutes(
            "n1",
            new NodeTerminals("n1", "/nonexistent", TimeProvider.System),
            _gateway.System,
            agents,
            new TerminalSettings
            {
                Window = 64 << 10,
                SessionsMax = 10,
                IdleLimit = TimeSpan.Zero,
            },
            Limit
        );
    }

    public async Task DisposeAsync()
    {
        await _executor.DisposeAsync();
        await _gateway.DisposeAsync();
        await _worker.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
        Assert.DoesNotContain("Refused from", $"{_first.Log}{_second.Log}");
        _authority.Dispose();
    }

    [Fact]
    public async Task Eight_megabytes_are_echoed_unchanged_before_the_end()
    {
        _executor.Script = async peer =>
        {
            Assert.Equal(7, (await peer.ReceiveAsync())!.Open.Jid);
            await peer.OpenedAsync();
            while (await peer.ReceiveAsync() is { Input: { IsEmpty: false } input })
                await peer.SendAsync(new FromTerminal { Output = input });
            await peer.CloseAsync(3);
        };
        await using var end = await _routes.OpenAsync("n2", new OpenTerminal { Jid = 7 });
        Assert.Equal("n1", (await ReceiveAsync(end)).Opened.Node);
        var bytes = RandomNumberGenerator.GetBytes(8 << 20);
        var sending = SendInputAsync(end, bytes);
        var echo = new MemoryStream();
        while (echo.Length < bytes.Length)
            (await ReceiveAsync(end)).Output.WriteTo(echo);
        await sending;
        Assert.True(echo.ToArray().AsSpan().SequenceEqual(bytes));
        Assert.Equal(3, (await ReceiveAsync(end)).Closed.ExitCode);
        Assert.True((await end.Input.ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task A_disconnected_client_hangs_up_at_the_other_node()
    {
        var hungUp = new TaskCompletionSource();
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            Assert.Null(await peer.ReceiveAsync());
            hungUp.SetResult();
        };
        await using (var end = await _routes.OpenAsync("n2", new OpenTerminal { Jid = 7 }))
            await ReceiveAsync(end);
        await hungUp.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_leaving_node_ends_its_terminals()
    {
        _executor.Script = async peer =>
        {
            await peer.ReceiveAsync();
            await peer.OpenedAsync();
            await peer.ReceiveAsync();
        };
        await using var end = await _routes.OpenAsync("n2", new OpenTerminal { Jid = 7 });
        await ReceiveAsync(end);
        await _worker.StopAsync();
        Assert.True((await end.Input.ReadAsync().AsTask().WaitAsync(Limit)).IsCompleted);
    }

    [Fact]
    public async Task A_terminal_on_an_absent_node_ends_at_once()
    {
        await using var end = await _routes.OpenAsync("n9", new OpenTerminal { Jid = 7 });
        Assert.True((await end.Input.ReadAsync().AsTask().WaitAsync(Limit)).IsCompleted);
    }

    private static async Task SendInputAsync(ITerminalPipe end, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at += TerminalFrames.ChunkBytes)
        {
            var size = Math.Min(TerminalFrames.ChunkBytes, bytes.Length - at);
            end.Output.WriteFrame(new ToTerminal { Input = ByteString.CopyFrom(bytes, at, size) });
            await end.Output.FlushAsync();
        }
        end.Output.WriteFrame(new ToTerminal { EndOfInput = new EndOfInput() });
        await end.Output.FlushAsync();
    }

    private static async Task<FromTerminal> ReceiveAsync(ITerminalPipe end)
    {
        while (true)
        {
            var read = await end.Input.ReadAsync().AsTask().WaitAsync(Limit);
            var rest = read.Buffer;
            if (TerminalFrameScanner.Next(ref rest, out _, out var body) == FrameStatus.Whole)
            {
                var message = FromTerminal.Parser.ParseFrom(body);
                end.Input.AdvanceTo(rest.Start);
                return message;
            }
            Assert.False(read.IsCompleted, "the other node closed the connection");
            end.Input.AdvanceTo(rest.Start, read.Buffer.End);
        }
    }
}
