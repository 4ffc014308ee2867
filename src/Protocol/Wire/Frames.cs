using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace JobCloud.Protocol.Wire;

/// <summary>The contents of the start of a buffer.</summary>
public enum FrameStatus
{
    /// <summary>A complete frame.</summary>
    Whole,

    /// <summary>The beginning of a frame: read more.</summary>
    Incomplete,

    /// <summary>No frame, or one above the limit: close the stream.</summary>
    Malformed,
}

/// <summary>Messages on a byte stream, each preceded by its length as a varint.</summary>
public static class Frames
{
    /// <summary>The longest frame on the executor's socket, in bytes.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    private const int LongestPrefix = 5;

    /// <summary>Finds the frame at the start of <paramref name="buffer"/>. Its body has
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

    /// <summary>The size of the frame of <paramref name="message"/>, in bytes.</summary>
    public static int SizeOf(IMessage message)
    {
        var size = message.CalculateSize();
        return CodedOutputStream.ComputeLengthSize(size) + size;
    }

    /// <summary>Writes a frame to the start of <paramref name="target"/>, which must have
    /// <see cref="SizeOf"/> bytes; returns the number of bytes written.</summary>
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

    /// <summary>Parses a frame's body; false: it is not a <typeparamref name="T"/>.</summary>
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

    /// <summary>Parses a frame's body from several buffers; false: it is not a
    /// <typeparamref name="T"/>.</summary>
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
