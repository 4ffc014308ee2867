using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A port of the machine that stands in for one of a job in a network namespace of its
/// own.</summary>
/// <param name="front">Bound, on the machine's side.</param>
internal abstract class Forward(Socket front, PortLimits limits)
{
    /// <summary>A job has ended: how long its clients may take to read what it had sent.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private volatile bool _closed;

    public int Port { get; } = ((IPEndPoint)front.LocalEndPoint!).Port;

    protected Socket Front => front;
    protected PortLimits Limits => limits;
    protected bool IsClosed => _closed;

    /// <summary>Whoever still passes bytes on stops.</summary>
    protected CancellationToken Over => _over.Token;

    /// <summary>Takes on nobody any more, and after <see cref="Linger"/> drops whom it
    /// has.</summary>
    public void Close()
    {
        _closed = true;
        front.Dispose();
        _over.CancelAfter(Linger);
    }

    /// <summary>A socket bound to an address; null: it cannot be had.</summary>
    protected static Socket? Bind(IPEndPoint end, SocketType type, ProtocolType protocol)
    {
        Socket? socket = null;
        try
        {
            socket = new(end.AddressFamily, type, protocol);
            if (end.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = true;
            socket.Bind(end);
            if (type == SocketType.Stream)
                socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }
}
