namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>How a character of a job's output is drawn, by what the job asked for.</summary>
/// <param name="Foreground">See <see cref="Colours"/>.</param>
/// <param name="Background">As above.</param>
internal readonly record struct Pen(int Foreground, int Background, PenStyle Style)
{
    /// <summary>The terminal's own.</summary>
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

/// <summary>Colours as one number: -1 the terminal's own, 0 to 255 of its palette, else 24
/// bits.</summary>
internal static class Colours
{
    public const int Default = -1;
    private const int TrueColour = 1 << 24;

    public static int Rgb(int red, int green, int blue) =>
        TrueColour | (red << 16) | (green << 8) | blue;

    /// <summary>The 24 bits of such a colour, red first; null: it is of the palette.</summary>
    public static int? RgbOf(int colour) => colour >= TrueColour ? colour & 0xFFFFFF : null;
}

/// <summary>Characters of a line that are not plain.</summary>
internal readonly record struct PenSpan(int Start, int Length, Pen Pen);
