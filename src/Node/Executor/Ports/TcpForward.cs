using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Accepts TCP connections and relays each to the job.</summary>
internal sealed class TcpForward : PortForward
{
    /// <summary>The pause after a failed accept: no descriptors may be left.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Maximum number of bytes in transit in one direction of a connection; a slow reader
    /// slows its writer.</summary>
    private const int BufferBytes = 64 << 10;

    private readonly Func<CancellationToken, Task<Socket?>> _connect;
    private readonly SemaphoreSlim _slots;

    private TcpForward(
        Socket front,
        Func<CancellationToken, Task<Socket?>> connect,
        PortLimits limits
    )
        : base(front, limits)
    {
        _connect = connect;
        _slots = new(limits.ConnectionsMax);
    }

    /// <summary>Returns null if the address is in use.</summary>
    /// <param name="connect">Connects to the job; null: it does not listen.</param>
    public static TcpForward? Open(
        IPEndPoint end,
        Func<CancellationToken, Task<Socket?>> connect,
        PortLimits limits
    )
    {
        if (Bind(end, SocketType.Stream, ProtocolType.Tcp) is not { } front)
            return null;
        var forward = new TcpForward(front, connect, limits);
        _ = forward.RunAsync();
        return forward;
    }

    private async Task RunAsync()
    {
        while (!IsClosed)
        {
            try
            {
                await _slots.WaitAsync(Closing);
                _ = ServeAsync(await Front.AcceptAsync());
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                _slots.Release();
                if (!IsClosed)
                    await Task.Delay(Pause);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var _ = client;
            client.NoDelay = true;
            // Without keep-alive, a client whose machine vanished would hold its slot forever.
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            using var job = await _connect(Closing);
            if (job is null)
            {
                client.LingerState = new(true, 0);
                return;
            }
            job.NoDelay = true;
            await Relay.RunAsync(client, job, BufferBytes, Closing);
        }
        catch (SocketException)
        {
            // The client has already disconnected.
        }
        finally
        {
            _slots.Release();
        }
    }
}
