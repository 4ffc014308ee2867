namespace JobCloud.Protocol.Outputs;

/// <summary>The control sequences that set colours or erase lines (ECMA-48, 5.4).</summary>
internal static class ControlSequences
{
    private const char Escape = '\e';

    /// <summary>Removes them in place; returns the remaining length.</summary>
    public static int Remove(Span<char> text)
    {
        var first = text.IndexOf(Escape);
        if (first < 0)
            return text.Length;
        var kept = first;
        for (var i = first; i < text.Length; )
        {
            var length = LengthOf(text[i..]);
            if (length > 0)
                i += length;
            else
                text[kept++] = text[i++];
        }
        return kept;
    }

    /// <summary>The length of the sequence that a text begins with; 0: none.</summary>
    private static int LengthOf(ReadOnlySpan<char> text)
    {
        if (text is not [Escape, '[', ..])
            return 0;
        var end = text[2..].IndexOfAnyExceptInRange('\x20', '\x3f');
        return end >= 0 && text[end + 2] is >= '\x40' and <= '\x7e' ? end + 3 : 0;
    }
}
