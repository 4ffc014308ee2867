using System.Net.Sockets;
using Google.Protobuf;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Damaged frames at the executor's sockets.</summary>
public sealed class MutatedFramesToExecutorTests
{
    private const int Sent = 15_000;
    private const int PerConnection = 25;
    private const long GrowthMax = 64L << 20;

    private static readonly byte[][] Valid =
    [
        FrameOf(new ToExecutor { Hello = Greeting }),
        FrameOf(
            new ToExecutor
            {
                Stop = new() { Jid = 4, Attempt = 1 },
            }
        ),
        FrameOf(
            new ToExecutor
            {
                Accept = new() { Jid = 4, Attempt = 1 },
            }
        ),
        FrameOf(new ToExecutor { Renew = new() }),
        FrameOf(new ToExecutor { Usages = new() }),
        FrameOf(
            new ToExecutor
            {
                Forget = new() { Jid = 4, Attempt = 1 },
            }
        ),
        FrameOf(new ToExecutor { Ports = new() }),
    ];

    private static readonly byte[][] ValidOfTerminals =
    [
        FrameOf(
            new ToTerminal
            {
                Open = new()
                {
                    Jid = 4,
                    Kind = TerminalKind.Command,
                    Command = "true",
                },
            }
        ),
        FrameOf(new ToTerminal { Input = ByteString.CopyFromUtf8("ls\n") }),
        FrameOf(new ToTerminal { Taken = 7 }),
    ];

    [Fact]
    public Task Damaged_frames_are_harmless() =>
        AreHarmlessAsync(home => home.ExecutorSocket, Valid);

    [Fact]
    public Task Damaged_frames_of_terminals_are_harmless() =>
        AreHarmlessAsync(home => home.TerminalSocket, ValidOfTerminals);

    private static async Task AreHarmlessAsync(Func<HomePaths, string> socket, byte[][] valid)
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var mutator = new FrameMutator(seed: 13);
        await SendAsync(socket(executor.Home), valid, mutator);
        var before = ResidentBytes(executor.Pid);
        for (var sent = 0; sent < Sent; sent += PerConnection)
            await SendAsync(socket(executor.Home), valid, mutator);
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("exit 3");
        Assert.Equal(3, (await agent.RunAsync(job)).Exit.Code);
        Assert.InRange(ResidentBytes(executor.Pid) - before, long.MinValue, GrowthMax);
    }

    private static async Task SendAsync(string path, byte[][] valid, FrameMutator mutator)
    {
        using var socket = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await socket.SendAsync(valid[0]);
            for (var i = 0; i < PerConnection; i++)
                await socket.SendAsync(Damaged(valid, mutator));
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(new byte[4096], limit.Token) > 0)
                continue;
        }
        catch (SocketException)
        {
            // The executor closed the connection.
        }
    }

    /// <summary>The executor obeys an order to end, so no frame may turn into one.</summary>
    private static byte[] Damaged(byte[][] valid, FrameMutator mutator)
    {
        const byte Shutdown = (ToExecutor.ShutdownFieldNumber << 3) | 2;
        byte[] frame;
        do frame = mutator.Mutate(mutator.Pick(valid));
        while (frame.Contains(Shutdown));
        return frame;
    }

    private static byte[] FrameOf(IMessage message)
    {
        var frame = new byte[Frames.SizeOf(message)];
        Frames.Write(message, frame);
        return frame;
    }

    private static long ResidentBytes(int pid)
    {
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{pid}/status").Single(one => one.StartsWith(Name));
        return 1024 * long.Parse(line[Name.Length..].Replace("kB", ""));
    }
}
