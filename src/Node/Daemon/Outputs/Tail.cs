using System.Text;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>The last characters of a stream as UTF-8. Replaces invalid bytes and never starts
/// inside a character.</summary>
internal static class Tail
{
    /// <summary>Number of characters of a stream that <c>info</c> shows.</summary>
    public const int Characters = 65_536;

    private const int LongestCharacter = 4;

    // Enough for hundreds of samples.
    private const int TimelineMax = 256 << 10;

    /// <summary>Returns the number of bytes at the end of the stream that hold this many
    /// characters, whatever the bytes are.</summary>
    public static long Window(int characters = Characters) =>
        ((long)characters * LongestCharacter) + LongestCharacter - 1;

    /// <summary>Returns the last characters.</summary>
    /// <param name="window">The last <see cref="Window"/> bytes of the stream, or all of
    /// it.</param>
    /// <param name="whole">True if the window is the whole stream.</param>
    public static string Text(ReadOnlySpan<byte> window, bool whole, int characters = Characters)
    {
        var text = Encoding.UTF8.GetString(window[(whole ? 0 : StartOf(window))..]);
        var from = text.Length;
        for (var kept = 0; from > 0 && kept < characters; kept++)
            from -= from > 1 && char.IsLowSurrogate(text[from - 1]) ? 2 : 1;
        return text[from..];
    }

    /// <summary>Returns the range to read for <see cref="EndOf"/>.</summary>
    public static (long Offset, int Max) RangeOf(OutputStream stream) =>
        stream == OutputStream.Timeline ? (0, TimelineMax) : (-Window(), (int)Window());

    /// <summary>Returns the end of a stream for <c>info</c>: a whole timeline, or the last
    /// characters of other streams.</summary>
    /// <param name="offset">Offset of the first of these bytes.</param>
    /// <param name="dropped">Number of bytes lost from the start of the stream.</param>
    public static OutputEnd EndOf(OutputStream stream, byte[] bytes, long offset, long dropped) =>
        new()
        {
            Data =
                stream == OutputStream.Timeline
                    ? UnsafeByteOperations.UnsafeWrap(bytes)
                    : ByteString.CopyFromUtf8(Text(bytes, whole: offset == 0)),
            Dropped = dropped,
        };

    // A character has at most three bytes after its first: after three continuation bytes, decoding
    // is in step again.
    private static int StartOf(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && at < LongestCharacter - 1 && (bytes[at] & 0xC0) == 0x80)
            at++;
        return at;
    }
}
