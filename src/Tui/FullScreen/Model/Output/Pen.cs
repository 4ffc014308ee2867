namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The colours and style that a job chose for a character of its output.</summary>
/// <param name="Foreground">See <see cref="Colours"/>.</param>
/// <param name="Background">See <see cref="Colours"/>.</param>
internal readonly record struct Pen(int Foreground, int Background, PenStyle Style)
{
    /// <summary>The terminal's default.</summary>
    public static Pen Plain { get; } = new(Colours.Default, Colours.Default, PenStyle.None);
}

[Flags]
internal enum PenStyle : byte
{
    None = 0,
    Bold = 1,
    Faint = 2,
    Italic = 4,
    Underline = 8,
    Inverse = 16,
    Strike = 32,
}

/// <summary>Colours encoded as a number: -1 is the terminal's default, 0 to 255 its palette, others
/// 24-bit RGB.</summary>
internal static class Colours
{
    public const int Default = -1;
    private const int TrueColour = 1 << 24;

    public static int Rgb(int red, int green, int blue) =>
        TrueColour | (red << 16) | (green << 8) | blue;

    /// <summary>The 24-bit RGB value; null: a palette colour.</summary>
    public static int? RgbOf(int colour) => colour >= TrueColour ? colour & 0xFFFFFF : null;
}

/// <summary>A range of characters of a line with a pen.</summary>
internal readonly record struct PenSpan(int Start, int Length, Pen Pen);
