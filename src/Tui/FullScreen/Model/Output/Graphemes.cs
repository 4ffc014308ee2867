using System.Globalization;
using Terminal.Gui.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Texts as what takes columns of a terminal.</summary>
internal static class Graphemes
{
    private static readonly string?[] Single = new string?[0x3000];

    /// <summary>The text of one character; one that a terminal would obey is shown as a
    /// dot.</summary>
    public static string Of(char c)
    {
        if (char.IsControl(c))
            c = '·';
        return c < Single.Length ? Single[c] ??= c.ToString() : c.ToString();
    }

    /// <summary>How many columns a text takes; counted no further than
    /// <paramref name="most"/>.</summary>
    public static int Columns(ReadOnlySpan<char> text, int most = int.MaxValue)
    {
        var total = 0;
        while (text.Length > 0 && total < most)
        {
            text = text[First(text, out var columns)..];
            total += columns;
        }
        return total;
    }

    /// <summary>How many characters the first grapheme has.</summary>
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
