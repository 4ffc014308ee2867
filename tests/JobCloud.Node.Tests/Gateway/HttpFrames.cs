using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using JobCloud.Protocol.Access;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Valid HTTP/2 frames (RFC 9113) of calls over gRPC.</summary>
internal static class HttpFrames
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    public static byte[] Begin => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, 0, [])];

    /// <summary>The frames of one call, and some that belong to none.</summary>
    public static IReadOnlyList<byte[]> Of(string method, IMessage request, string? token)
    {
        var message = request.ToByteArray();
        var framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        return
        [
            Frame(Headers, EndHeaders, 1, HeadersOf(method, token)),
            Frame(Data, EndStream, 1, framed),
            Frame(Headers, EndHeaders, 3, HeadersOf(method, token)),
            Frame(Data, 0, 3, framed),
            Frame(2, 0, 3, [0, 0, 0, 0, 9]),
            Frame(3, 0, 3, [0, 0, 0, 8]),
            Frame(4, 0, 0, [0, 3, 0, 0, 0, 100]),
            Frame(6, 0, 0, new byte[8]),
            Frame(8, 0, 0, [0, 0, 255, 255]),
            Frame(9, EndHeaders, 3, HeadersOf(method, token)),
        ];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>HPACK (RFC 7541) without compression.</summary>
    private static byte[] HeadersOf(string method, string? token)
    {
        using var block = new MemoryStream();
        block.Write([0x83, token is null ? (byte)0x86 : (byte)0x87]);
        Add(block, ":path", $"/{CloudCalls.Service}/{method}");
        Add(block, ":authority", "localhost");
        Add(block, "content-type", "application/grpc");
        Add(block, "te", "trailers");
        if (token?.Length > 0)
            Add(block, "authorization", $"Bearer {token}");
        return block.ToArray();
    }

    private static void Add(Stream block, string name, string value)
    {
        block.WriteByte(0);
        foreach (var text in new[] { name, value })
        {
            block.WriteByte((byte)text.Length);
            block.Write(Encoding.ASCII.GetBytes(text));
        }
    }
}
