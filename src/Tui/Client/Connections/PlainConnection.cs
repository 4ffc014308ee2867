using System.Net.Sockets;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client.Connections;

/// <summary>A connection that carries calls in plain frames (<see cref="PlainProtocol"/>), one at a
/// time.</summary>
/// <param name="socket">A connected socket on which nothing was sent.</param>
internal sealed class PlainConnection(Socket socket) : IDisposable
{
    private readonly FrameReadBuffer _inbox = new();
    private bool _isGreetingSent;

    public void Send(Request request)
    {
        var greeting = _isGreetingSent ? [] : PlainProtocol.Greeting;
        var bytes = new byte[greeting.Length + Frames.SizeOf(request)];
        greeting.CopyTo(bytes);
        Frames.Write(request, bytes.AsSpan(greeting.Length));
        for (var rest = bytes.AsSpan(); rest.Length > 0; )
            rest = rest[socket.Send(rest)..];
        _isGreetingSent = true;
    }

    /// <summary>Blocks this thread, because asynchronous sockets take longer to set up than a node
    /// takes to answer.</summary>
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

    /// <param name="blockFor">How long to block this thread before waiting asynchronously.</param>
    public async ValueTask<Reply> ReceiveAsync(TimeSpan blockFor, CancellationToken cancel)
    {
        Reply? reply;
        while (!TryTake(out reply))
            Filled(
                socket.Poll(blockFor, SelectMode.SelectRead)
                    ? socket.Receive(_inbox.Room().Span)
                    : await socket.ReceiveAsync(_inbox.Room(), cancel)
            );
        return reply!;
    }

    public void Dispose() => socket.Dispose();

    /// <exception cref="SocketException">The received bytes are not a reply.</exception>
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
