using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Terminals;

/// <summary>The frames of a terminal that carry its bytes, read and written without a copy of them
/// in between: the same bytes as <see cref="Frames"/> makes of the messages.</summary>
public static class TerminalFrames
{
    /// <summary>The most bytes of data in one frame.</summary>
    public const int ChunkBytes = 16 * 1024;

    /// <summary>The most bytes that come before the data of a frame: its length, the field, and the
    /// length of the data.</summary>
    public const int HeadBytes = 3 + 1 + 3;

    private const byte InputTag = (ToTerminal.InputFieldNumber << 3) | 2;

    /// <summary>Finds the bytes of a frame that is input and nothing else.</summary>
    public static bool TryReadInput(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> input)
    {
        input = default;
        if (body.IsEmpty || body[0] != InputTag)
            return false;
        if (
            Frames.Read(body[1..], ChunkBytes, out var at, out var length) != FrameStatus.Whole
            || 1 + at + length != body.Length
        )
            return false;
        input = body[(1 + at)..];
        return true;
    }

    /// <summary>Writes what comes before data in a frame of one field; ends where the data begins.
    /// </summary>
    /// <param name="field">Its number: 1 to 15, of bytes.</param>
    /// <param name="head">The <see cref="HeadBytes"/> bytes in front of the data.</param>
    /// <returns>How many bytes it took, at the end of <paramref name="head"/>.</returns>
    public static int WriteHead(int field, int dataBytes, Span<byte> head)
    {
        var size = SizeOf(dataBytes);
        var body = 1 + size + dataBytes;
        var at = HeadBytes - size;
        Write(dataBytes, head[at..]);
        head[--at] = (byte)((field << 3) | 2);
        at -= SizeOf(body);
        Write(body, head[at..]);
        return HeadBytes - at;
    }

    private static int SizeOf(int value) =>
        value < 1 << 7 ? 1
        : value < 1 << 14 ? 2
        : 3;

    private static void Write(int value, Span<byte> target)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            target[at++] = (byte)(value | 0x80);
        target[at] = (byte)value;
    }
}
