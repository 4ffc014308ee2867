using System.Net.Sockets;
using Google.Protobuf;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Damaged frames at the executor's socket.</summary>
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

    [Fact]
    public async Task Damaged_frames_are_harmless()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var mutator = new FrameMutator(seed: 13);
        await SendAsync(executor.Home.ExecutorSocket, mutator);
        var before = ResidentBytes(executor.Pid);
        for (var sent = 0; sent < Sent; sent += PerConnection)
            await SendAsync(executor.Home.ExecutorSocket, mutator);
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("exit 3");
        Assert.Equal(3, (await agent.RunAsync(job)).Exit.Code);
        Assert.InRange(ResidentBytes(executor.Pid) - before, long.MinValue, GrowthMax);
    }

    private static async Task SendAsync(string path, FrameMutator mutator)
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
            await socket.SendAsync(Valid[0]);
            for (var i = 0; i < PerConnection; i++)
                await socket.SendAsync(Damaged(mutator));
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
    private static byte[] Damaged(FrameMutator mutator)
    {
        const byte Shutdown = (ToExecutor.ShutdownFieldNumber << 3) | 2;
        byte[] frame;
        do frame = mutator.Mutate(mutator.Pick(Valid));
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
