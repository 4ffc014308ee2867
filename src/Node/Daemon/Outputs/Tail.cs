using System.Text;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>
/// The last characters of a stream: UTF-8, invalid bytes replaced, never begun within a character.
/// </summary>
internal static class Tail
{
    /// <summary>What <c>info</c> shows of a stream.</summary>
    public const int Characters = 65_536;

    private const int LongestCharacter = 4;

    // Hundreds of samples.
    private const int TimelineMax = 256 << 10;

    /// <summary>
    /// How many bytes of the stream's end hold that many characters, whatever the bytes are.
    /// </summary>
    public static long Window(int characters = Characters) =>
        ((long)characters * LongestCharacter) + LongestCharacter - 1;

    /// <summary>The text of the last characters.</summary>
    /// <param name="window">The last <see cref="Window"/> bytes of the stream, or all of
    /// it.</param>
    /// <param name="whole">It is all of the stream.</param>
    public static string Text(ReadOnlySpan<byte> window, bool whole, int characters = Characters)
    {
        var text = Encoding.UTF8.GetString(window[(whole ? 0 : Begun(window))..]);
        var from = text.Length;
        for (var kept = 0; from > 0 && kept < characters; kept++)
            from -= from > 1 && char.IsLowSurrogate(text[from - 1]) ? 2 : 1;
        return text[from..];
    }

    /// <summary>From which offset how many bytes are read for <see cref="EndOf"/>.</summary>
    public static (long Offset, int Max) RangeOf(OutputStream stream) =>
        stream == OutputStream.Timeline ? (0, TimelineMax) : (-Window(), (int)Window());

    /// <summary>What <c>info</c> is told of a stream: a timeline as it is, else its last
    /// characters.</summary>
    /// <param name="offset">Of the first of these bytes.</param>
    /// <param name="dropped">Bytes from the start of the stream that are lost.</param>
    public static OutputEnd EndOf(OutputStream stream, byte[] bytes, long offset, long dropped) =>
        new()
        {
            Data =
                stream == OutputStream.Timeline
                    ? UnsafeByteOperations.UnsafeWrap(bytes)
                    : ByteString.CopyFromUtf8(Text(bytes, whole: offset == 0)),
            Dropped = dropped,
        };

    // No character reaches over its first byte and three more: after three that only continue one,
    // decoding is in step again.
    private static int Begun(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && at < LongestCharacter - 1 && (bytes[at] & 0xC0) == 0x80)
            at++;
        return at;
    }
}
