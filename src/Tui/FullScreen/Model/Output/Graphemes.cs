using System.Globalization;
using JobCloud.Protocol.Text;
using Terminal.Gui.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Measures texts in columns of the terminal.</summary>
internal static class Graphemes
{
    private static readonly string?[] Single = new string?[0x3000];

    /// <summary>The text of one character; a control character is shown as a dot.</summary>
    public static string Of(char c)
    {
        if (char.IsControl(c))
            c = '·';
        return c < Single.Length ? Single[c] ??= c.ToString() : c.ToString();
    }

    /// <summary>The grapheme; a dot if it has a character that controls the terminal, or hides or
    /// reorders text.</summary>
    public static string Visible(string grapheme) =>
        grapheme is [>= ' ' and < '\u007f'] || VisibleText.IsVisible(grapheme) ? grapheme : "·";

    /// <summary>The number of columns that a text takes; counted up to
    /// <paramref name="max"/>.</summary>
    public static int Columns(ReadOnlySpan<char> text, int max = int.MaxValue)
    {
        var total = 0;
        while (text.Length > 0 && total < max)
        {
            text = text[First(text, out var columns)..];
            total += columns;
        }
        return total;
    }

    /// <summary>The number of characters in the first grapheme.</summary>
    public static int First(ReadOnlySpan<char> text, out int columns)
    {
        columns = 1;
        if (text[0] < 0x7f && (text.Length == 1 || text[1] < 0x7f))
            return 1;
        if (char.IsControl(text[0]))
            return 1;
        var length = StringInfo.GetNextTextElementLength(text);
        columns =
            length == 1 && text[0] is >= '─' and <= '◿'
                ? 1
                : Math.Clamp(text[..length].ToString().GetColumns(), 0, 2);
        return length;
    }
}
