using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace JobCloud.Protocol.Text;

/// <summary>Escapes what JSON requires and every character that is not visible.</summary>
public sealed class VisibleJsonEncoder : JavaScriptEncoder
{
    public static readonly VisibleJsonEncoder Instance = new();

    private static readonly JavaScriptEncoder Readable = UnsafeRelaxedJsonEscaping;

    public override int MaxOutputCharactersPerInputCharacter =>
        Readable.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) =>
        Readable.WillEncode(unicodeScalar) || VisibleText.IsHidden(new Rune(unicodeScalar));

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        while (rest.Length > 0)
        {
            if (rest[0] is >= ' ' and <= '~' and not ('"' or '\\'))
            {
                rest = rest[1..];
                continue;
            }
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var length);
            if (status != OperationStatus.Done || WillEncode(rune.Value))
                return textLength - rest.Length;
            rest = rest[length..];
        }
        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar,
        char* buffer,
        int bufferLength,
        out int numberOfCharactersWritten
    )
    {
        if (Readable.WillEncode(unicodeScalar))
            return Readable.TryEncodeUnicodeScalar(
                unicodeScalar,
                buffer,
                bufferLength,
                out numberOfCharactersWritten
            );
        var to = new Span<char>(buffer, bufferLength);
        Span<char> units = stackalloc char[2];
        var count = new Rune(unicodeScalar).EncodeToUtf16(units);
        numberOfCharactersWritten = 0;
        foreach (var unit in units[..count])
        {
            if (!to[numberOfCharactersWritten..].TryWrite($"\\u{(int)unit:X4}", out var written))
                return false;
            numberOfCharactersWritten += written;
        }
        return true;
    }
}
