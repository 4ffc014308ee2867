using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace JobCloud.Protocol.Text;

/// <summary>Bytes that should be UTF-8 text, such as names of files: the others are refused or
/// escaped, never replaced.</summary>
public static class Utf8Text
{
    private const int EscapeLength = 4;

    /// <summary>The sign of a decoder for bytes that are no text.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>Whether a decoder may have replaced bytes in a text.</summary>
    public static bool MayBeReplaced(string text) => text.Contains(Replacement);

    /// <summary>The text; null: the bytes are not UTF-8.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The text in which each byte that is no text, and each backslash that would be read
    /// as the start of such a byte, is <c>\xNN</c>.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        if (Of(bytes) is { } whole && !whole.Contains(@"\x"))
            return whole;
        var text = new StringBuilder(bytes.Length + 8);
        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status != System.Buffers.OperationStatus.Done)
            {
                for (var i = 0; i < length; i++)
                    text.Append(CultureInfo.InvariantCulture, $"\\x{bytes[i]:X2}");
            }
            else if (rune.Value == '\\' && IsEscape(Encoding.Latin1.GetString(Start(bytes)), 0))
                text.Append(@"\x5C");
            else
                text.Append(rune);
            bytes = bytes[length..];
        }
        return text.ToString();
    }

    /// <summary>The bytes that <see cref="Escape"/> has shown so.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        var done = 0;
        for (var i = text.IndexOf(@"\x", StringComparison.Ordinal); i >= 0 && i < text.Length; )
        {
            if (!IsEscape(text, i))
                i++;
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[done..i]));
                var digits = text.AsSpan(i + 2, 2);
                bytes.Add(byte.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                done = i += EscapeLength;
            }
        }
        bytes.AddRange(Encoding.UTF8.GetBytes(text[done..]));
        return [.. bytes];
    }

    private static ReadOnlySpan<byte> Start(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, EscapeLength)];

    private static bool IsEscape(string text, int at) =>
        at + EscapeLength <= text.Length
        && text[at] == '\\'
        && text[at + 1] == 'x'
        && char.IsAsciiHexDigit(text[at + 2])
        && char.IsAsciiHexDigit(text[at + 3]);
}
