using System.Globalization;
using System.Text;

namespace JobCloud.Protocol.Inbound;

/// <summary>The purpose of a frame between two actor systems.</summary>
public enum FrameKind
{
    /// <summary>The sender introduces itself.</summary>
    Associate,

    /// <summary>A heartbeat or the end of the association.</summary>
    Control,

    /// <summary>Confirms system messages.</summary>
    Ack,

    /// <summary>A message to an actor.</summary>
    Message,
}

/// <summary>A serialized value: the serializer that reads it, the name of its type and its
/// bytes.</summary>
public readonly ref struct WirePayload
{
    public int Serializer { get; private init; }
    public ReadOnlySpan<byte> Manifest { get; private init; }
    public ReadOnlySpan<byte> Body { get; private init; }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out WirePayload payload)
    {
        var serializer = 0;
        ReadOnlySpan<byte> manifest = default;
        ReadOnlySpan<byte> body = default;
        payload = default;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes:
                    body = fields.Bytes;
                    break;
                case 2 when !fields.IsBytes:
                    serializer = (int)fields.Number;
                    break;
                case 3 when fields.IsBytes:
                    manifest = fields.Bytes;
                    break;
                default:
                    return false;
            }
        payload = new()
        {
            Serializer = serializer,
            Manifest = manifest,
            Body = body,
        };
        return !fields.IsInvalid;
    }
}

/// <summary>A frame between two actor systems, as Akka.NET encodes it. Its texts and bytes are part
/// of the frame.</summary>
public readonly ref struct RemoteFrame
{
    public FrameKind Kind { get; private init; }

    /// <summary>Of <see cref="FrameKind.Associate"/>: the sender's address.</summary>
    public RemoteOrigin Origin { get; private init; }

    /// <summary>Of <see cref="FrameKind.Message"/>: the path of the recipient, with its
    /// address.</summary>
    public ReadOnlySpan<byte> Recipient { get; private init; }

    /// <summary>The path of the sending actor, with its address; empty: there is none.</summary>
    public ReadOnlySpan<byte> Sender { get; private init; }

    public WirePayload Payload { get; private init; }

    /// <summary>Whether it expects a confirmation, as system messages do.</summary>
    public bool IsSequenced { get; private init; }

    /// <summary>Parses a frame; false: it is not one that Akka.NET sends.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RemoteFrame frame)
    {
        frame = default;
        ReadOnlySpan<byte> payload = default;
        ReadOnlySpan<byte> instruction = default;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes:
                    payload = fields.Bytes;
                    break;
                case 2 when fields.IsBytes:
                    instruction = fields.Bytes;
                    break;
                default:
                    return false;
            }
        if (fields.IsInvalid || payload.IsEmpty == instruction.IsEmpty)
            return false;
        return payload.IsEmpty
            ? TryReadControl(instruction, out frame)
            : TryReadContainer(payload, out frame);
    }

    private static bool TryReadControl(ReadOnlySpan<byte> bytes, out RemoteFrame frame)
    {
        frame = default;
        ulong command = 0;
        ReadOnlySpan<byte> handshake = default;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when !fields.IsBytes:
                    command = fields.Number;
                    break;
                case 2 when fields.IsBytes:
                    handshake = fields.Bytes;
                    break;
                default:
                    return false;
            }
        if (fields.IsInvalid || command is 0 or > 5)
            return false;
        if (command != 1)
        {
            frame = new() { Kind = FrameKind.Control };
            return handshake.IsEmpty;
        }
        if (!RemoteOrigin.TryRead(handshake, out var origin))
            return false;
        frame = new() { Kind = FrameKind.Associate, Origin = origin };
        return true;
    }

    private static bool TryReadContainer(ReadOnlySpan<byte> bytes, out RemoteFrame frame)
    {
        frame = default;
        ReadOnlySpan<byte> envelope = default;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes:
                    break;
                case 2 when fields.IsBytes:
                    envelope = fields.Bytes;
                    break;
                default:
                    return false;
            }
        if (fields.IsInvalid)
            return false;
        if (!envelope.IsEmpty)
            return TryReadEnvelope(envelope, out frame);
        frame = new() { Kind = FrameKind.Ack };
        return true;
    }

    private static bool TryReadEnvelope(ReadOnlySpan<byte> bytes, out RemoteFrame frame)
    {
        frame = default;
        ReadOnlySpan<byte> recipient = default;
        ReadOnlySpan<byte> sender = default;
        ReadOnlySpan<byte> message = default;
        var sequence = ulong.MaxValue;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes && TryReadPath(fields.Bytes, out recipient):
                case 4 when fields.IsBytes && TryReadPath(fields.Bytes, out sender):
                    break;
                case 2 when fields.IsBytes:
                    message = fields.Bytes;
                    break;
                case 5 when !fields.IsBytes:
                    sequence = fields.Number;
                    break;
                default:
                    return false;
            }
        if (fields.IsInvalid || !WirePayload.TryRead(message, out var payload))
            return false;
        frame = new()
        {
            Kind = FrameKind.Message,
            Recipient = recipient,
            Sender = sender,
            Payload = payload,
            IsSequenced = sequence != ulong.MaxValue,
        };
        return true;
    }

    /// <summary>Reads a message that holds nothing but a path.</summary>
    internal static bool TryReadPath(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> path)
    {
        path = default;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            if (fields is { Field: 1, IsBytes: true })
                path = fields.Bytes;
            else
                return false;
        return !fields.IsInvalid;
    }
}

/// <summary>The address of an actor system, as it introduces itself.</summary>
public readonly ref struct RemoteOrigin
{
    public ReadOnlySpan<byte> System { get; private init; }
    public ReadOnlySpan<byte> Host { get; private init; }
    public ReadOnlySpan<byte> Protocol { get; private init; }
    public uint Port { get; private init; }

    /// <summary>Whether an address, with its protocol, is this one.</summary>
    internal bool Is(ReadOnlySpan<byte> address)
    {
        Span<byte> port = stackalloc byte[5];
        Port.TryFormat(port, out var length, provider: CultureInfo.InvariantCulture);
        return Take(ref address, Protocol)
            && Take(ref address, "://"u8)
            && Take(ref address, System)
            && Take(ref address, "@"u8)
            && Take(ref address, Host)
            && Take(ref address, ":"u8)
            && address.SequenceEqual(port[..length]);
    }

    public override string ToString() => $"{Text(Protocol)}://{Text(System)}@{Text(Host)}:{Port}";

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static bool Take(ref ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> part)
    {
        if (!text.StartsWith(part))
            return false;
        text = text[part.Length..];
        return true;
    }

    internal static bool TryRead(ReadOnlySpan<byte> handshake, out RemoteOrigin origin)
    {
        origin = default;
        ReadOnlySpan<byte> address = default;
        var fields = new ProtoFields(handshake);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes:
                    address = fields.Bytes;
                    break;
                case 2 when !fields.IsBytes:
                    break;
                default:
                    return false;
            }
        return !fields.IsInvalid && TryReadAddress(address, out origin);
    }

    internal static bool TryReadAddress(ReadOnlySpan<byte> bytes, out RemoteOrigin origin)
    {
        origin = default;
        ReadOnlySpan<byte> system = default;
        ReadOnlySpan<byte> host = default;
        ReadOnlySpan<byte> protocol = default;
        var port = 0u;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes:
                    system = fields.Bytes;
                    break;
                case 2 when fields.IsBytes:
                    host = fields.Bytes;
                    break;
                case 3 when fields is { IsBytes: false, Number: > 0 and <= ushort.MaxValue }:
                    port = (uint)fields.Number;
                    break;
                case 4 when fields.IsBytes:
                    protocol = fields.Bytes;
                    break;
                default:
                    return false;
            }
        origin = new()
        {
            System = system,
            Host = host,
            Protocol = protocol,
            Port = port,
        };
        return !fields.IsInvalid && port != 0;
    }
}
