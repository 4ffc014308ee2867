using System.Net.Sockets;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Asks the node behind a unix socket for a ticket, in plain frames (<see cref="PlainDoor"/>).</summary>
internal static class TicketOffice
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>A reply with a ticket or a refusal; null: nobody answers there.</returns>
    public static async Task<Reply?> TryAskAsync(string socketPath, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            using var socket = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), limit.Token);
            var request = new Request { Ticket = new TicketRequest() };
            var frame = new byte[PlainDoor.Greeting.Length + Frames.SizeOf(request)];
            PlainDoor.Greeting.CopyTo(frame);
            Frames.Write(request, frame.AsSpan(PlainDoor.Greeting.Length));
            await socket.SendAsync(frame, limit.Token);
            return await ReadAsync(socket, limit.Token);
        }
        catch (Exception e)
            when (e is SocketException
                || e is OperationCanceledException && !cancel.IsCancellationRequested
            )
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
