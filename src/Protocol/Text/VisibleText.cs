using System.Buffers;
using System.Globalization;
using System.Text;

namespace JobCloud.Protocol.Text;

/// <summary>Makes texts of others harmless for a terminal: replaces characters that control it or
/// that hide or reorder the text.</summary>
public static class VisibleText
{
    private const char Replacement = '\uFFFD';

    // Everything below U+00AD is harmless, except these.
    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        .. Enumerable
            .Range(0, char.MaxValue + 1)
            .Select(static c => (char)c)
            .Where(static c => char.IsSurrogate(c) || IsHidden(c)),
    ]);

    /// <summary>The text with its line ends and tabs, and U+FFFD for each control or format
    /// character and each half of a surrogate pair.</summary>
    public static string Of(string text)
    {
        var at = text.AsSpan().IndexOfAny(Suspects);
        if (at < 0)
            return text;
        var visible = new StringBuilder(text.Length).Append(text, 0, at);
        while (at < text.Length)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (
                status != OperationStatus.Done
                || (IsHidden(rune) && rune.Value is not ('\n' or '\t'))
            )
                visible.Append(Replacement);
            else
                visible.Append(text, at, length);
            at += length;
        }
        return visible.ToString();
    }

    /// <summary>Whether a text is the same after <see cref="Of"/>, and has no line ends or
    /// tabs.</summary>
    public static bool IsVisible(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (
                Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done
                || IsHidden(rune)
            )
                return false;
            text = text[length..];
        }
        return true;
    }

    /// <summary>Whether a character controls the terminal, or hides or reorders text. The joiners
    /// of scripts and emoji do not.</summary>
    public static bool IsHidden(Rune rune) =>
        rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner)
        && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    private static bool IsHidden(char c) => !char.IsSurrogate(c) && IsHidden(new Rune(c));
}
