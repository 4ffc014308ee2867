using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Ports;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>The network namespace of a job, held open, and the way into it.</summary>
internal sealed class JobNetwork(NamespaceDoor door, SafeFileHandle place) : IDisposable
{
    /// <summary>Whether this user may enter it.</summary>
    public async Task<bool> CanEnterAsync()
    {
        using var socket = await door.OpenAsync(
            place,
            AddressFamily.InterNetwork,
            SocketType.Stream
        );
        return socket is not null;
    }

    /// <summary>Connects to a socket of the job; null: it does not take connections, or there is no
    /// way in.</summary>
    public async Task<Socket?> ConnectAsync(BoundSocket bound, CancellationToken cancel)
    {
        var type = bound.Transport == Transport.Udp ? SocketType.Dgram : SocketType.Stream;
        foreach (var target in PortReach.Targets(bound.Address))
        {
            if (await door.OpenAsync(place, target.AddressFamily, type) is not { } socket)
                continue;
            try
            {
                await socket.ConnectAsync(new IPEndPoint(target, bound.Port), cancel);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }
        return null;
    }

    public void Dispose() => place.Dispose();
}
