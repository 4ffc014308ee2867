using System.Buffers;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Node.Daemon.Http;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Serves connections that speak plain frames (<see cref="PlainProtocol"/>): one request
/// at a time, or a terminal. Passes all others on to HTTP. Refuses a malformed frame and closes its
/// connection.</summary>
internal sealed class PlainSessions(Dispatcher calls, GatewaySettings settings)
{
    private const int LongestPrefix = 5;
    private const int RefusedAtOnce = 16;
    private static readonly TimeSpan RefuseWithin = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<CancellationTokenSource> _refusing = [];

    /// <summary>What an HTTP/2 client sends first (RFC 9113, 3.4).</summary>
    private static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>HTTP/2 (RFC 9113): empty SETTINGS, then GOAWAY with ENHANCE_YOUR_CALM.</summary>
    private static ReadOnlySpan<byte> GoAway =>
        [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];

    public async Task ServeAsync(
        ConnectionContext connection,
        ConnectedPeer peer,
        ConnectionDelegate http1,
        ConnectionDelegate http2
    )
    {
        var language = await LanguageAsync(connection);
        if (language is Language.Http1 or Language.Http2)
            await (language == Language.Http1 ? http1 : http2)(connection);
        else if (language == Language.Terminal)
            await ServeTerminalAsync(connection, peer);
        else
            await AnswerAllAsync(connection, peer);
    }

    /// <summary>Tells a client why its connection is closed, if it says soon which language it
    /// speaks. Of too many at once, the oldest are closed without a word.</summary>
    public async Task RefuseAsync(ConnectionContext connection, Refusal refusal)
    {
        using var limit = new CancellationTokenSource(RefuseWithin);
        await using var late = limit.Token.Register(connection.Abort);
        var place = new LinkedListNode<CancellationTokenSource>(limit);
        lock (_lock)
        {
            _refusing.AddLast(place);
            if (_refusing.Count > RefusedAtOnce && _refusing.First is { } oldest)
            {
                _refusing.Remove(oldest);
                oldest.Value.Cancel();
            }
        }
        try
        {
            var output = connection.Transport.Output;
            switch (await LanguageAsync(connection))
            {
                case Language.Requests:
                    output.WriteFrame(new Reply { Refusal = refusal, End = true });
                    break;
                case Language.Terminal:
                    output.WriteFrame(new FromTerminal { Refusal = refusal });
                    break;
                case Language.Http1:
                    output.Write(HttpAnswers.Refused(refusal));
                    break;
                default:
                    output.Write(GoAway);
                    break;
            }
            await output.FlushAsync(limit.Token);
        }
        catch (Exception e)
            when (e is OperationCanceledException or IOException or ConnectionResetException)
        {
            // The client disconnected or waited too long.
        }
        finally
        {
            lock (_lock)
                if (place.List is not null)
                    _refusing.Remove(place);
        }
    }

    private enum Language
    {
        Http1,
        Http2,
        Requests,
        Terminal,
    }

    private static async Task<Language> LanguageAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var read = await input.ReadAtLeastAsync(PlainProtocol.Greeting.Length);
        var language = LanguageOf(read.Buffer);
        if (language is Language.Http1 or Language.Http2)
            input.AdvanceTo(read.Buffer.Start);
        else
            input.AdvanceTo(read.Buffer.GetPosition(PlainProtocol.Greeting.Length));
        return language;
    }

    private static Language LanguageOf(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < PlainProtocol.Greeting.Length)
            return Language.Http1;
        Span<byte> first = stackalloc byte[PlainProtocol.Greeting.Length];
        buffer.Slice(0, first.Length).CopyTo(first);
        return first.SequenceEqual(PlainProtocol.Greeting) ? Language.Requests
            : first.SequenceEqual(PlainProtocol.TerminalGreeting) ? Language.Terminal
            : first.SequenceEqual(Http2Preface) ? Language.Http2
            : Language.Http1;
    }

    private async Task ServeTerminalAsync(ConnectionContext connection, ConnectedPeer peer)
    {
        var ending = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        var by = await calls.IdentifyAsync(peer.IdentifyAsync, connection.ConnectionClosed);
        if (!by.IsGranted)
        {
            await Dispatcher.RefuseAsync(
                connection.Transport,
                by.Refusal,
                connection.ConnectionClosed
            );
            return;
        }
        await calls.ServeAsync(
            new TerminalClientConnection(
                connection.Transport,
                by.Reply,
                connection.ConnectionClosed,
                ending?.ConnectionClosedRequested ?? default
            )
        );
    }

    private async Task AnswerAllAsync(ConnectionContext connection, ConnectedPeer peer)
    {
        var (input, closed) = (connection.Transport.Input, connection.ConnectionClosed);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(closed);
                var status = Take(read.Buffer, out var request, out var rest);
                if (status == FrameStatus.Malformed)
                {
                    await SendAsync(new Reply { Refusal = Dispatcher.Malformed(), End = true });
                    return;
                }
                input.AdvanceTo(rest, request is null ? read.Buffer.End : rest);
                if (request is not null)
                    await AnswerAsync(request);
                else if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception e)
            when (e is OperationCanceledException or IOException or ConnectionResetException)
        {
            // The client disconnected or the node is stopping: no one can receive the reply.
        }

        async Task AnswerAsync(Request request)
        {
            var by = await calls.IdentifyAsync(peer.IdentifyAsync, closed);
            if (by.IsGranted)
                await calls.AnswerAsync(request, by.Reply, SendAsync, closed);
            else
                await SendAsync(
                    new Reply
                    {
                        Tag = request.Tag,
                        Refusal = by.Refusal,
                        End = true,
                    }
                );
        }

        // Returns once the client has read enough, so that a stream has at most one buffer in
        // memory.
        async ValueTask SendAsync(Reply reply)
        {
            var output = connection.Transport.Output;
            output.Advance(Frames.Write(reply, output.GetSpan(Frames.SizeOf(reply))));
            await output.FlushAsync(closed);
        }
    }

    private FrameStatus Take(
        ReadOnlySequence<byte> buffer,
        out Request? request,
        out SequencePosition rest
    )
    {
        (request, rest) = (null, buffer.Start);
        Span<byte> prefix = stackalloc byte[LongestPrefix];
        var known = (int)Math.Min(buffer.Length, LongestPrefix);
        buffer.Slice(0, known).CopyTo(prefix);
        var status = Frames.Read(
            prefix[..known],
            settings.MaxMessageBytes,
            out var at,
            out var length
        );
        if (status == FrameStatus.Malformed || at == 0 || buffer.Length < at + length)
            return status == FrameStatus.Malformed ? status : FrameStatus.Incomplete;
        var body = buffer.Slice(at, length);
        rest = body.End;
        return Frames.TryParse(Request.Parser, body.ToArray(), out request)
            ? FrameStatus.Whole
            : FrameStatus.Malformed;
    }
}
