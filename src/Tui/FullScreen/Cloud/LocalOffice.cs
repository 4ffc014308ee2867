using System.Net.Sockets;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Asks the node behind a unix socket, in plain frames (<see cref="PlainDoor"/>).</summary>
internal sealed class LocalOffice(string socketPath) : TicketOffice
{
    protected override async Task<Reply?> AskAsync(CancellationToken cancel)
    {
        try
        {
            using var socket = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
            var request = Asked;
            var frame = new byte[PlainDoor.Greeting.Length + Frames.SizeOf(request)];
            PlainDoor.Greeting.CopyTo(frame);
            Frames.Write(request, frame.AsSpan(PlainDoor.Greeting.Length));
            await socket.SendAsync(frame, cancel);
            return await ReadAsync(socket, cancel);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static async Task<Reply?> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var inbox = new FrameInbox();
        while (true)
        {
            var count = await socket.ReceiveAsync(inbox.Room(), cancel);
            if (count == 0)
                return null;
            inbox.Filled(count);
            var status = inbox.Next(out var body);
            if (status == FrameStatus.Whole)
                return Frames.TryParse(Reply.Parser, body, out var reply) ? reply : null;
            if (status == FrameStatus.Malformed)
                return null;
        }
    }
}
