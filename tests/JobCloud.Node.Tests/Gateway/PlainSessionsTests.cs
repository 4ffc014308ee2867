using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Gateway;

public sealed class PlainSessionsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Requests_are_answered_one_after_another_with_their_tags()
    {
        using var socket = Greeted();
        for (ulong tag = 1; tag <= 3; tag++)
        {
            Send(socket, new Request { Tag = tag, Nodes = new NodesRequest() });
            var reply = await ReceiveAsync(socket);
            Assert.Equal((tag, Reply.BodyOneofCase.Nodes), (reply.Tag, reply.BodyCase));
        }
    }

    [Fact]
    public async Task A_request_without_a_body_is_refused_and_the_connection_goes_on()
    {
        using var socket = Greeted();
        Send(socket, new Request { Tag = 1 });
        Assert.Equal(RefusalCode.Usage, (await ReceiveAsync(socket)).Refusal.Code);
        Send(socket, new Request { Tag = 2, Nodes = new NodesRequest() });
        Assert.Equal(2ul, (await ReceiveAsync(socket)).Tag);
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_is_put_together()
    {
        using var socket = Greeted();
        var frame = FrameOf(new Request { Tag = 7, Nodes = new NodesRequest() });
        foreach (var one in frame)
            socket.Send([one]);
        Assert.Equal(7ul, (await ReceiveAsync(socket)).Tag);
    }

    [Fact]
    public async Task A_malformed_frame_ends_its_connection_and_no_other()
    {
        using var broken = Greeted();
        broken.Send([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        Assert.Equal(0, await broken.ReceiveAsync(new byte[16]));
        await Requests_are_answered_one_after_another_with_their_tags();
    }

    private Socket Greeted()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(gateway.Settings.Socket));
        socket.Send(PlainDoor.Greeting);
        return socket;
    }

    private static void Send(Socket socket, Request request) => socket.Send(FrameOf(request));

    private static byte[] FrameOf(Request request)
    {
        var frame = new byte[Frames.SizeOf(request)];
        Frames.Write(request, frame);
        return frame;
    }

    private static async Task<Reply> ReceiveAsync(Socket socket)
    {
        var inbox = new FrameInbox();
        while (true)
        {
            var count = await socket.ReceiveAsync(inbox.Room());
            Assert.True(count > 0, "the connection was closed");
            inbox.Filled(count);
            if (inbox.Next(out var body) == FrameStatus.Whole)
            {
                Assert.True(Frames.TryParse(Reply.Parser, body, out var reply));
                return reply;
            }
        }
    }
}
