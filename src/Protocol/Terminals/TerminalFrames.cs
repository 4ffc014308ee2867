using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Terminals;

/// <summary>Reads and writes terminal frames with data without copying it. They equal the frames
/// that <see cref="Frames"/> writes.</summary>
public static class TerminalFrames
{
    /// <summary>The maximum of data bytes in one frame.</summary>
    public const int ChunkBytes = 16 * 1024;

    /// <summary>The maximum of bytes before the data of a frame: its length, the field, and the
    /// length of the data.</summary>
    public const int HeadBytes = 3 + 1 + 3;

    private const byte InputTag = (ToTerminal.InputFieldNumber << 3) | 2;

    /// <summary>Finds the data of a frame that contains only input.</summary>
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

    /// <summary>Writes the head of a frame with one field, directly before the data.</summary>
    /// <param name="field">The number of the bytes field, 1 to 15.</param>
    /// <param name="head">The <see cref="HeadBytes"/> bytes before the data.</param>
    /// <returns>The length of the head, at the end of <paramref name="head"/>.</returns>
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
