using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Forwards datagrams to the job and its replies back. Each peer has its own socket on the
/// job's side, so that the job can tell peers apart.</summary>
internal sealed class UdpForward : PortForward
{
    private const int LongestDatagram = 64 << 10;

    /// <summary>A peer without traffic in either direction for this long is forgotten.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private readonly Func<CancellationToken, Task<Socket?>> _connect;
    private readonly ConcurrentDictionary<EndPoint, Peer> _peers = [];

    private UdpForward(
        Socket front,
        Func<CancellationToken, Task<Socket?>> connect,
        PortLimits limits
    )
        : base(front, limits) => _connect = connect;

    /// <summary>Returns null if the address is in use.</summary>
    public static UdpForward? Open(
        IPEndPoint end,
        Func<CancellationToken, Task<Socket?>> connect,
        PortLimits limits
    )
    {
        if (Bind(end, SocketType.Dgram, ProtocolType.Udp) is not { } front)
            return null;
        var forward = new UdpForward(front, connect, limits);
        _ = forward.RunAsync(new IPEndPoint(end.Address, 0));
        return forward;
    }

    private async Task RunAsync(IPEndPoint anyAddress)
    {
        var buffer = new byte[LongestDatagram];
        while (!IsClosed)
        {
            try
            {
                var got = await Front.ReceiveFromAsync(
                    buffer,
                    SocketFlags.None,
                    anyAddress,
                    Closing
                );
                if (await PeerOfAsync(got.RemoteEndPoint) is not { } peer)
                    continue;
                peer.Touch();
                await peer.Inside.SendAsync(buffer.AsMemory(0, got.ReceivedBytes), Closing);
            }
            catch (Exception e)
                when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The datagram is lost, as any may be, or this forward is closed.
            }
        }
    }

    private async Task<Peer?> PeerOfAsync(EndPoint from)
    {
        if (_peers.TryGetValue(from, out var peer))
            return peer;
        if (_peers.Count >= Limits.ConnectionsMax)
            return null;
        if (await _connect(Closing) is not { } inside)
            return null;
        peer = _peers[from] = new(inside, CancellationTokenSource.CreateLinkedTokenSource(Closing));
        _ = AnswerAsync(from, peer);
        return peer;
    }

    private async Task AnswerAsync(EndPoint from, Peer peer)
    {
        var buffer = new byte[LongestDatagram];
        try
        {
            while (true)
            {
                var count = await peer.Inside.ReceiveAsync(buffer, peer.IdleTimeout.Token);
                peer.Touch();
                await Front.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, from, Closing);
            }
        }
        catch (Exception e)
            when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer was idle too long, the job refused it, or the forward is closed; a later
            // datagram starts a new peer.
        }
        _peers.TryRemove(from, out _);
        peer.Inside.Dispose();
        peer.IdleTimeout.Dispose();
    }

    /// <param name="IdleTimeout">Cancelled when the peer was idle for too long.</param>
    private sealed record Peer(Socket Inside, CancellationTokenSource IdleTimeout)
    {
        public void Touch() => IdleTimeout.CancelAfter(Idle);
    }
}
