using JobCloud.Tui.FullScreen.Model.Output;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>Converts the colours of a job's output to those of the terminal.</summary>
internal static class PenAttributes
{
    // The first sixteen colours of xterm, as RGB.
    private static readonly int[] Named =
    [
        0x000000,
        0xCD0000,
        0x00CD00,
        0xCDCD00,
        0x3B78FF,
        0xCD00CD,
        0x00CDCD,
        0xE5E5E5,
        0x7F7F7F,
        0xFF0000,
        0x00FF00,
        0xFFFF00,
        0x6C8CFF,
        0xFF00FF,
        0x00FFFF,
        0xFFFFFF,
    ];

    /// <param name="basis">The attribute that applies where the job sets none.</param>
    /// <param name="colored">False: only text styles such as bold are applied.</param>
    public static Attribute Over(Attribute basis, Pen pen, bool colored)
    {
        var (fore, back) = (basis.Foreground, basis.Background);
        if (colored)
            (fore, back) = (Of(pen.Foreground) ?? fore, Of(pen.Background) ?? back);
        return new Attribute(fore, back, basis.Style | Styles(pen.Style));
    }

    private static Color? Of(int colour)
    {
        if (colour == Colours.Default)
            return null;
        var bits = Colours.RgbOf(colour) ?? OfPalette(colour);
        return new Color(bits >> 16, (bits >> 8) & 0xFF, bits & 0xFF);
    }

    // The sixteen are followed by a cube of 6 x 6 x 6 colours and 24 greys (xterm, 256colres.pl).
    private static int OfPalette(int index)
    {
        if (index < 16)
            return Named[index];
        if (index >= 232)
            return (8 + (index - 232) * 10) * 0x010101;
        var cube = index - 16;
        return (Step(cube / 36) << 16) | (Step(cube / 6 % 6) << 8) | Step(cube % 6);
    }

    private static int Step(int level) => level == 0 ? 0 : 55 + level * 40;

    private static TextStyle Styles(PenStyle style)
    {
        var text = TextStyle.None;
        foreach (var (pen, look) in Looks)
            if (style.HasFlag(pen))
                text |= look;
        return text;
    }

    private static readonly (PenStyle, TextStyle)[] Looks =
    [
        (PenStyle.Bold, TextStyle.Bold),
        (PenStyle.Faint, TextStyle.Faint),
        (PenStyle.Italic, TextStyle.Italic),
        (PenStyle.Underline, TextStyle.Underline),
        (PenStyle.Inverse, TextStyle.Reverse),
        (PenStyle.Strike, TextStyle.Strikethrough),
    ];
}
