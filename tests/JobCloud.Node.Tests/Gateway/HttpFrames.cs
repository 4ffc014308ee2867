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
    private const byte Priority = 2;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte WindowUpdate = 8;
    private const byte Continuation = 9;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    public static byte[] Begin =>
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

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
            Frame(Priority, 0, 3, [0, 0, 0, 0, 9]),
            Frame(Reset, 0, 3, [0, 0, 0, 8]),
            Frame(Settings, 0, 0, [0, 3, 0, 0, 0, 100]),
            Frame(Ping, 0, 0, new byte[8]),
            Frame(WindowUpdate, 0, 0, [0, 0, 255, 255]),
            Frame(Continuation, EndHeaders, 3, HeadersOf(method, token)),
        ];
    }

    /// <summary>Frames that a client can send without end (RFC 9113, 10.5).</summary>
    public static IReadOnlyDictionary<string, Func<int, byte[]>> Floods { get; } =
        new Dictionary<string, Func<int, byte[]>>
        {
            ["resets"] = i =>
                [
                    .. Frame(Headers, EndHeaders, 2 * i + 1, HeadersOf("Submit", null)),
                    .. Frame(Reset, 0, 2 * i + 1, [0, 0, 0, 8]),
                ],
            ["streams"] = i => Frame(Headers, EndHeaders, 2 * i + 1, HeadersOf("Submit", null)),
            ["headers"] = i =>
                i == 0
                    ? Frame(Headers, 0, 1, HeadersOf("Submit", null))
                    : Frame(Continuation, 0, 1, Header($"x{i}", new string('a', 100))),
            ["empty headers"] = i =>
                i == 0
                    ? Frame(Headers, 0, 1, HeadersOf("Submit", null))
                    : Frame(Continuation, 0, 1, []),
            // Each byte repeats the whole header, which is said once.
            ["repeated headers"] = i =>
                Frame(
                    Headers,
                    EndHeaders,
                    2 * i + 1,
                    [
                        .. HeadersOf("Submit", null),
                        0x40,
                        .. Header("x", new string('a', 100))[1..],
                        .. Enumerable.Repeat((byte)0xbe, 10_000),
                    ]
                ),
            ["empty data"] = i =>
                i == 0
                    ? Frame(Headers, EndHeaders, 1, HeadersOf("Submit", null))
                    : Frame(Data, 0, 1, []),
            ["pings"] = _ => Frame(Ping, 0, 0, new byte[8]),
            ["settings"] = _ => Frame(Settings, 0, 0, [0, 3, 0, 0, 0, 100]),
            ["windows"] = _ => Frame(WindowUpdate, 0, 0, [0, 0, 0, 1]),
            ["priorities"] = i => Frame(Priority, 0, 2 * i + 1, [0, 0, 0, 0, 9]),
            ["goodbyes"] = _ => Frame(GoAway, 0, 0, new byte[8]),
        };

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

    private static void Add(Stream block, string name, string value) =>
        block.Write(Header(name, value));

    /// <summary>A header of less than 128 bytes that is not kept in the table.</summary>
    private static byte[] Header(string name, string value) =>
        [
            0,
            (byte)name.Length,
            .. Encoding.ASCII.GetBytes(name),
            (byte)value.Length,
            .. Encoding.ASCII.GetBytes(value),
        ];
}
