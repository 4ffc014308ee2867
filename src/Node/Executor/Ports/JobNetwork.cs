using System.Net;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Ports;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>The network namespace of a job, held open, and the way into it.</summary>
internal sealed class JobNetwork(NamespaceDoor door, SafeFileHandle place) : IDisposable
{
    private readonly Lock _gate = new();
    private SocketMaker? _maker;
    private bool _sought;
    private bool _isClosed;

    /// <summary>Whether this user may enter it.</summary>
    public async Task<bool> CanEnterAsync()
    {
        using var socket = await door.OpenAsync(
            this,
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
            if (await door.OpenAsync(this, target.AddressFamily, type) is not { } socket)
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

    /// <summary>A new socket in it; null: there is no way in, or it is closed. For the door's
    /// thread, which stays there.</summary>
    public Socket? Make(NamespaceDoor door, AddressFamily family, SocketType type)
    {
        try
        {
            if (_maker is null && Libc.setns(place, Libc.CLONE_NEWNET) == 0)
                return new Socket(family, type, ProtocolType.Unspecified);
            if (!_sought)
                Keep(door.Maker(place));
            return _maker?.Make(family, type);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return null; // The job has ended, or there are no descriptors left.
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _maker?.Dispose();
            place.Dispose();
        }
    }

    /// <summary>It took a moment to make: the job may have ended.</summary>
    private void Keep(SocketMaker? maker)
    {
        lock (_gate)
        {
            (_sought, _maker) = (true, maker);
            if (_isClosed)
                maker?.Dispose();
        }
    }
}
