using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace JobCloud.Protocol.Wire;

/// <summary>What the start of a buffer holds.</summary>
public enum FrameStatus
{
    /// <summary>A whole frame.</summary>
    Whole,

    /// <summary>The beginning of one: read more.</summary>
    Incomplete,

    /// <summary>No frame, or one over the limit: give the stream up.</summary>
    Malformed,
}

/// <summary>Messages on a byte stream, each preceded by its length as a varint.</summary>
public static class Frames
{
    /// <summary>The longest frame that the two ends of the executor's socket take, bytes.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    private const int LongestPrefix = 5;

    /// <summary>Finds the frame that <paramref name="buffer"/> starts with: its body is
    /// <paramref name="length"/> bytes from <paramref name="at"/> on.</summary>
    public static FrameStatus Read(
        ReadOnlySpan<byte> buffer,
        int maxBytes,
        out int at,
        out int length
    )
    {
        (at, length) = (0, 0);
        ulong value = 0;
        for (var i = 0; i < buffer.Length && i < LongestPrefix; i++)
        {
            value |= (ulong)(buffer[i] & 0x7f) << (7 * i);
            if (buffer[i] >= 0x80)
                continue;
            if (value > (ulong)maxBytes)
                return FrameStatus.Malformed;
            (at, length) = (i + 1, (int)value);
            return buffer.Length - at < length ? FrameStatus.Incomplete : FrameStatus.Whole;
        }
        return buffer.Length < LongestPrefix ? FrameStatus.Incomplete : FrameStatus.Malformed;
    }

    /// <summary>The bytes that a frame of <paramref name="message"/> takes.</summary>
    public static int SizeOf(IMessage message)
    {
        var size = message.CalculateSize();
        return CodedOutputStream.ComputeLengthSize(size) + size;
    }

    /// <summary>Writes one frame at the start of <paramref name="target"/>, which must have
    /// <see cref="SizeOf"/> bytes; returns how many were written.</summary>
    public static int Write(IMessage message, Span<byte> target)
    {
        var size = message.CalculateSize();
        var at = 0;
        for (var rest = (uint)size; ; rest >>= 7)
        {
            target[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
                break;
        }
        message.WriteTo(target.Slice(at, size));
        return at + size;
    }

    /// <summary>Reads a frame's body; false: it is not a <typeparamref name="T"/>.</summary>
    public static bool TryParse<T>(
        MessageParser<T> parser,
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out T? message
    )
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(body);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }

    /// <summary>The same, of a body that lies in pieces.</summary>
    public static bool TryParse<T>(
        MessageParser<T> parser,
        ReadOnlySequence<byte> body,
        [NotNullWhen(true)] out T? message
    )
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(body);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }
}
