using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Passes datagrams on to the job, and its answers back: each peer has a socket of its own
/// on the job's side, by which the job tells them apart.</summary>
internal sealed class UdpForward : Forward
{
    private const int LongestDatagram = 64 << 10;

    /// <summary>A peer that is silent in both directions for so long is forgotten.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private readonly JobNetwork _network;
    private readonly BoundSocket _bound;
    private readonly ConcurrentDictionary<EndPoint, Peer> _peers = [];

    private UdpForward(Socket front, JobNetwork network, BoundSocket bound, PortLimits limits)
        : base(front, limits) => (_network, _bound) = (network, bound);

    /// <summary>Null: the address is taken.</summary>
    public static UdpForward? Open(
        IPEndPoint end,
        JobNetwork network,
        BoundSocket bound,
        PortLimits limits
    )
    {
        if (Bind(end, SocketType.Dgram, ProtocolType.Udp) is not { } front)
            return null;
        var forward = new UdpForward(front, network, bound, limits);
        _ = forward.RunAsync(new IPEndPoint(end.Address, 0));
        return forward;
    }

    private async Task RunAsync(IPEndPoint anybody)
    {
        var buffer = new byte[LongestDatagram];
        while (!IsClosed)
        {
            try
            {
                var got = await Front.ReceiveFromAsync(buffer, SocketFlags.None, anybody, Over);
                if (await PeerOfAsync(got.RemoteEndPoint) is not { } peer)
                    continue;
                peer.Heard();
                await peer.Inside.SendAsync(buffer.AsMemory(0, got.ReceivedBytes), Over);
            }
            catch (Exception e)
                when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // That datagram is lost, as any may be; or this forward is closed.
            }
        }
    }

    private async Task<Peer?> PeerOfAsync(EndPoint from)
    {
        if (_peers.TryGetValue(from, out var peer))
            return peer;
        if (_peers.Count >= Limits.ConnectionsMax)
            return null;
        if (await _network.ConnectAsync(_bound, Over) is not { } inside)
            return null;
        peer = _peers[from] = new(inside, CancellationTokenSource.CreateLinkedTokenSource(Over));
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
                var count = await peer.Inside.ReceiveAsync(buffer, peer.Silence.Token);
                peer.Heard();
                await Front.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, from, Over);
            }
        }
        catch (Exception e)
            when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Silent for too long, not taken by the job, or over: a later datagram begins anew.
        }
        _peers.TryRemove(from, out _);
        peer.Inside.Dispose();
        peer.Silence.Dispose();
    }

    /// <param name="Silence">Cancelled when it was silent for too long.</param>
    private sealed record Peer(Socket Inside, CancellationTokenSource Silence)
    {
        public void Heard() => Silence.CancelAfter(Idle);
    }
}
