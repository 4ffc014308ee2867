using System.Text;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>The end of a stream.</summary>
/// <param name="Dropped">Bytes of the stream's start that its node has dropped.</param>
public sealed record TailText(string Text, long Dropped)
{
    public static readonly TailText Empty = new("", 0);
}

/// <summary>
/// The last characters of a stream: UTF-8, invalid bytes replaced, never begun within a character.
/// </summary>
public static class Tail
{
    /// <summary>What <c>info</c> shows of a stream.</summary>
    public const int Characters = 65_536;

    private const int LongestCharacter = 4;

    /// <summary>
    /// How many bytes of the stream's end hold that many characters, whatever the bytes are.
    /// </summary>
    public static long Window(int characters = Characters) =>
        ((long)characters * LongestCharacter) + LongestCharacter - 1;

    /// <summary>The text of the last characters.</summary>
    /// <param name="window">The last <see cref="Window"/> bytes of the stream, or all of it.</param>
    /// <param name="whole">It is all of the stream.</param>
    public static string Text(ReadOnlySpan<byte> window, bool whole, int characters = Characters)
    {
        var text = Encoding.UTF8.GetString(window[(whole ? 0 : Begun(window))..]);
        var from = text.Length;
        for (var kept = 0; from > 0 && kept < characters; kept++)
            from -= from > 1 && char.IsLowSurrogate(text[from - 1]) ? 2 : 1;
        return text[from..];
    }

    /// <summary>
    /// The text of the last characters of a stream that is read piece by piece; null: nothing is
    /// kept of it.
    /// </summary>
    /// <param name="read">Reads from an offset; a negative one counts from the end.</param>
    public static async Task<TailText?> ReadAsync(
        Func<long, Task<OutputRead>> read,
        int characters = Characters
    )
    {
        var piece = await read(-Window(characters));
        if (piece.Missing)
            return null;
        var (from, end) = (piece.Offset, piece.Size);
        var dropped = piece.FromStore ? 0 : piece.Dropped;
        using var window = new MemoryStream();
        while (piece.Data.Length > 0)
        {
            if (piece.Offset > from + window.Length)
            {
                // What came before was dropped meanwhile.
                from = piece.Offset;
                window.SetLength(0);
            }
            piece.Data.WriteTo(window);
            if (piece.Offset + piece.Data.Length >= end)
                break;
            piece = await read(piece.Offset + piece.Data.Length);
        }
        var bytes = window.GetBuffer().AsSpan(0, (int)window.Length);
        return new(Text(bytes, from == 0, characters), dropped);
    }

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
