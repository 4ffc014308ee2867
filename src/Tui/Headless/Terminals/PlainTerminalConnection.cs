using System.Net.Sockets;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>A terminal connection in frames on the local socket, for low latency.</summary>
internal sealed class PlainTerminalConnection : ITerminalConnection
{
    private readonly Lock _sending = new();
    private readonly Socket _socket;
    private readonly FrameReadBuffer _inbox = new(TerminalFrameScanner.MaxBytes);
    private byte[] _frame = new byte[2 * TerminalFrames.ChunkBytes];

    /// <param name="socket">A socket that is connected to a node and on which nothing was
    /// sent.</param>
    public PlainTerminalConnection(Socket socket)
    {
        _socket = socket;
        Write(PlainProtocol.TerminalGreeting);
    }

    public void Send(ToTerminal message)
    {
        lock (_sending)
        {
            var size = Frames.SizeOf(message);
            if (size > _frame.Length)
                _frame = new byte[size];
            Frames.Write(message, _frame);
            Write(_frame.AsSpan(0, size));
        }
    }

    public FromTerminal? Receive()
    {
        while (true)
        {
            var status = _inbox.Next(out var body);
            if (status == FrameStatus.Whole)
                return Frames.TryParse(FromTerminal.Parser, body, out var message) ? message : null;
            if (status == FrameStatus.Malformed || !Fill())
                return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool Fill()
    {
        try
        {
            var count = _socket.Receive(_inbox.Room().Span);
            _inbox.Filled(count);
            return count > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[_socket.Send(bytes)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException("The node closed the connection.", e);
        }
    }
}
