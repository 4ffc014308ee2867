using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Requests a ticket from the node behind a unix socket, in plain frames
/// (<see cref="PlainProtocol"/>).</summary>
internal sealed class LocalTicketClient(string socketPath) : TicketClient
{
    protected override async Task<CallResult<Ticket>?> AskAsync(CancellationToken cancel)
    {
        try
        {
            using var socket = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
            var request = CloudCalls.Ticket.With(new()).Envelope();
            var frame = new byte[PlainProtocol.Greeting.Length + Frames.SizeOf(request)];
            PlainProtocol.Greeting.CopyTo(frame);
            Frames.Write(request, frame.AsSpan(PlainProtocol.Greeting.Length));
            await socket.SendAsync(frame, cancel);
            return await ReadAsync(socket, cancel);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static async Task<CallResult<Ticket>?> ReadAsync(
        Socket socket,
        CancellationToken cancel
    )
    {
        var inbox = new FrameReadBuffer();
        while (true)
        {
            var count = await socket.ReceiveAsync(inbox.Room(), cancel);
            if (count == 0)
                return null;
            inbox.Filled(count);
            var status = inbox.Next(out var body);
            if (status == FrameStatus.Incomplete)
                continue;
            return Read(status == FrameStatus.Whole ? body : []);
        }
    }

    private static CallResult<Ticket> Read(ReadOnlySpan<byte> body) =>
        Frames.TryParse(Reply.Parser, body, out var reply) && reply.IsLast()
            ? reply.HasPayload
                ? new(Ticket.Parser.ParseFrom(reply.Payload), null)
                : new(null, reply.Refusal)
            : new(null, OtherVersion);

    private static readonly Refusal OtherVersion = new()
    {
        Code = RefusalCode.NotSupported,
        Message = "the node runs a different version than this UI",
    };
}
