using System.Net.Sockets;
using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>A client of a unix socket in plain frames.</summary>
internal sealed class PlainClient : IDisposable
{
    private readonly FrameReadBuffer _inbox = new();

    public PlainClient(string path)
    {
        Socket.Connect(new UnixDomainSocketEndPoint(path));
        Socket.Send(PlainProtocol.Greeting);
    }

    public Socket Socket { get; } =
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public void Send(Request request) => Socket.Send(FrameOf(request));

    public void Send(CallRequest request, ulong tag = 0) => Send(request.Envelope(tag));

    public static byte[] FrameOf(IMessage message)
    {
        var frame = new byte[Frames.SizeOf(message)];
        Frames.Write(message, frame);
        return frame;
    }

    public async Task<Reply> ReceiveAsync()
    {
        while (true)
        {
            if (_inbox.Next(out var body) == FrameStatus.Whole)
            {
                Assert.True(Frames.TryParse(Reply.Parser, body, out var reply));
                return reply;
            }
            var count = await Socket.ReceiveAsync(_inbox.Room());
            Assert.True(count > 0, "the connection was closed");
            _inbox.Filled(count);
        }
    }

    public void Dispose() => Socket.Dispose();
}
