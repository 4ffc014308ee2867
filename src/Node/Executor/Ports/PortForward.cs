using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A port of the machine that forwards to a port of a job in its own network
/// namespace.</summary>
/// <param name="front">The bound socket on the machine's side.</param>
internal abstract class PortForward(Socket front, PortLimits limits)
{
    /// <summary>The time that the clients of an ended job have to read what it sent.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private volatile bool _closed;

    public int Port { get; } = ((IPEndPoint)front.LocalEndPoint!).Port;

    protected Socket Front => front;
    protected PortLimits Limits => limits;
    protected bool IsClosed => _closed;

    /// <summary>Cancelled when forwarding must stop.</summary>
    protected CancellationToken Closing => _closing.Token;

    /// <summary>Accepts no more clients, and disconnects the existing ones after
    /// <see cref="Linger"/>.</summary>
    public void Close()
    {
        _closed = true;
        front.Dispose();
        _closing.CancelAfter(Linger);
    }

    /// <summary>Returns a socket bound to an address; null: failed.</summary>
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
