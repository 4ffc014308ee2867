using System.Net;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Ports;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A job's network namespace, held open, with the means to create sockets in it.</summary>
internal sealed class JobNetwork(NamespaceSocketFactory factory, SafeFileHandle place) : IDisposable
{
    private readonly Lock _gate = new();
    private SocketMaker? _maker;
    private bool _startedMaker;
    private bool _isClosed;

    /// <summary>Whether this user has permission to enter it.</summary>
    public async Task<bool> CanEnterAsync()
    {
        using var socket = await factory.OpenAsync(
            this,
            AddressFamily.InterNetwork,
            SocketType.Stream
        );
        return socket is not null;
    }

    /// <summary>Connects to a socket of the job; null: the connection was refused, or the namespace
    /// cannot be entered.</summary>
    public async Task<Socket?> ConnectAsync(BoundSocket bound, CancellationToken cancel)
    {
        var type = bound.Transport == Transport.Udp ? SocketType.Dgram : SocketType.Stream;
        foreach (var target in PortReachability.Targets(bound.Address))
        {
            if (await factory.OpenAsync(this, target.AddressFamily, type) is not { } socket)
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

    /// <summary>Creates a socket in the namespace; null: it cannot be entered, or is closed. Runs
    /// on the factory's thread, which stays in the namespace.</summary>
    public Socket? Make(NamespaceSocketFactory factory, AddressFamily family, SocketType type)
    {
        try
        {
            if (_maker is null && Libc.setns(place, Libc.CLONE_NEWNET) == 0)
                return new Socket(family, type, ProtocolType.Unspecified);
            if (!_startedMaker)
                Keep(factory.StartMaker(place));
            return _maker?.Make(family, type);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return null; // The job has ended, or no descriptors are left.
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

    /// <summary>Keeps a new socket maker, or disposes it if the job ended meanwhile.</summary>
    private void Keep(SocketMaker? maker)
    {
        lock (_gate)
        {
            (_startedMaker, _maker) = (true, maker);
            if (_isClosed)
                maker?.Dispose();
        }
    }
}
