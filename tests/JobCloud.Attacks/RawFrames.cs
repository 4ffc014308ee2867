using System.Buffers.Binary;
using System.Text;
using JobCloud.Protocol.Membership;

namespace JobCloud.Attacks;

/// <summary>Writes frames of Akka.NET byte by byte, also those that Akka.NET would never
/// send.</summary>
public static class RawFrames
{
    public const int Cluster = 5;
    public const int Selection = 6;
    public const int Misc = 16;
    public const int SystemMessages = 22;

    /// <summary>The frame with which a member introduces itself.</summary>
    public static byte[] Introduction(string host, int port, string system = ClusterNames.System) =>
        Field(
            2,
            [
                .. Number(1, 1),
                .. Field(2, [.. Field(1, Address("ssl.tcp", system, host, port)), .. Fixed(2, 7)]),
            ]
        );

    /// <param name="protocol">With "akka." in messages of Akka.Cluster.</param>
    public static byte[] Address(string protocol, string system, string host, int port) =>
        [.. Text(1, system), .. Text(2, host), .. Number(3, (ulong)port), .. Text(4, protocol)];

    /// <summary>The frame of a message to an actor.</summary>
    /// <param name="recipient">The whole path.</param>
    /// <param name="order">Its place among system messages; null: it has none.</param>
    public static byte[] Message(
        string recipient,
        int serializer,
        string manifest,
        byte[] body,
        string sender = "",
        ulong? order = null
    )
    {
        byte[] envelope =
        [
            .. Field(1, Text(1, recipient)),
            .. Field(2, Payload(serializer, manifest, body)),
            .. sender.Length > 0 ? Field(4, Text(1, sender)) : [],
            .. Fixed(5, order ?? ulong.MaxValue),
        ];
        return Field(1, Field(2, envelope));
    }

    public static byte[] Payload(int serializer, string manifest, byte[] body) =>
        [.. Field(1, body), .. Number(2, (ulong)serializer), .. Text(3, manifest)];

    /// <summary>The body of a selection.</summary>
    /// <param name="kind">Of its last step: 1 the parent, 2 a name, 3 a pattern.</param>
    public static byte[] Selected(byte[] payload, int kind, params string[] steps) =>
        [
            .. Field(1, payload),
            .. steps.SelectMany(
                (step, i) =>
                    Field(
                        2,
                        [.. Number(1, i < steps.Length - 1 ? 2 : (ulong)kind), .. Text(2, step)]
                    )
            ),
        ];

    public static byte[] Text(int field, string text) =>
        text.Length == 0 ? [] : Field(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Field(int field, byte[] value) =>
        [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)value.Length), .. value];

    public static byte[] Number(int field, ulong value) =>
        [.. Varint((ulong)(field << 3)), .. Varint(value)];

    private static byte[] Fixed(int field, ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return [.. Varint((ulong)((field << 3) | 1)), .. bytes];
    }

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
