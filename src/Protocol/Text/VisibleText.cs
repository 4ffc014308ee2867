using System.Buffers;
using System.Globalization;
using System.Text;

namespace JobCloud.Protocol.Text;

/// <summary>Makes texts of others harmless for a terminal: replaces characters that control it or
/// that hide or reorder the text.</summary>
public static class VisibleText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with its line ends and tabs, and U+FFFD for each control or format
    /// character and each half of a surrogate pair.</summary>
    public static string Of(string text)
    {
        var at = FirstSuspect(text);
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

    // A table of all suspects would cost each command 3 ms at its start.
    private static int FirstSuspect(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPlain = c is (>= ' ' and <= '~') or '\n' or '\t';
            if (!isPlain && (char.IsSurrogate(c) || IsHidden(new Rune(c))))
                return i;
        }
        return -1;
    }
}
