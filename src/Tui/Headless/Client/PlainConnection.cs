using System.Net.Sockets;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Client;

/// <summary>A connection in plain frames (<see cref="PlainDoor"/>): one call after
/// another.</summary>
/// <param name="socket">A connected socket, on which nothing was sent.</param>
internal sealed class PlainConnection(Socket socket) : IDisposable
{
    private readonly FrameInbox _inbox = new();
    private bool _isGreeted;

    public void Send(Request request)
    {
        var greeting = _isGreeted ? [] : PlainDoor.Greeting;
        var bytes = new byte[greeting.Length + Frames.SizeOf(request)];
        greeting.CopyTo(bytes);
        Frames.Write(request, bytes.AsSpan(greeting.Length));
        for (var rest = bytes.AsSpan(); rest.Length > 0; )
            rest = rest[socket.Send(rest)..];
        _isGreeted = true;
    }

    /// <summary>Waits on this thread: the machinery of asynchronous sockets takes longer to start
    /// than a node takes to answer.</summary>
    public Reply Receive(DateTime? deadline)
    {
        socket.ReceiveTimeout = deadline is { } at
            ? (int)Math.Clamp((at - DateTime.UtcNow).TotalMilliseconds, 1, int.MaxValue)
            : 0;
        Reply? reply;
        while (!TryTake(out reply))
            Filled(socket.Receive(_inbox.Room().Span));
        return reply!;
    }

    /// <param name="patience">How long this thread may be held up.</param>
    public async ValueTask<Reply> ReceiveAsync(TimeSpan patience, CancellationToken cancel)
    {
        Reply? reply;
        while (!TryTake(out reply))
            Filled(
                socket.Poll(patience, SelectMode.SelectRead)
                    ? socket.Receive(_inbox.Room().Span)
                    : await socket.ReceiveAsync(_inbox.Room(), cancel)
            );
        return reply!;
    }

    public void Dispose() => socket.Dispose();

    /// <exception cref="SocketException">What came is no reply.</exception>
    private bool TryTake(out Reply? reply)
    {
        reply = null;
        var status = _inbox.Next(out var body);
        if (status == FrameStatus.Incomplete)
            return false;
        if (
            status == FrameStatus.Whole
            && Frames.TryParse(Reply.Parser, body, out reply)
            && (reply.IsLast() || reply.HasPayload)
        )
            return true;
        throw new SocketException((int)SocketError.ProtocolNotSupported);
    }

    private void Filled(int count)
    {
        if (count == 0)
            throw new SocketException((int)SocketError.ConnectionReset);
        _inbox.Filled(count);
    }
}
