using Terminal.Gui.Drawing;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>The catalogue of built-in themes.</summary>
internal static class Palettes
{
    private static readonly (Color[] Inks, Color[] Grounds) DarkColors = (
        Inks(
            0xD5D9E0,
            0x7D8694,
            0xFFFFFF,
            0x7CC4FF,
            0x4A515E,
            0xC3A6FF,
            0xE8C66A,
            0x6CB6FF,
            0x7FD18B,
            0xFF7B72,
            0xFF9E64,
            0xD7A0C8,
            0xFFC857
        ),
        [Color.None, Rgb(0x2B3A52), Rgb(0x1D2430), Rgb(0x1D2430), Rgb(0x323C4D), Rgb(0x284059)]
    );

    private static readonly (Color[] Inks, Color[] Grounds) LightColors = (
        Inks(
            0x24292F,
            0x6A737D,
            0x000000,
            0x0550AE,
            0xB6BEC8,
            0x6F42C1,
            0x8A6100,
            0x0969DA,
            0x1A7F37,
            0xCF222E,
            0xBC4C00,
            0x99286E,
            0x9A6700
        ),
        [Color.None, Rgb(0xCFE3FA), Rgb(0xE9EDF2), Rgb(0xF2F4F7), Rgb(0xFFFFFF), Rgb(0xB9D5F5)]
    );

    public static Palette Dark { get; } =
        new("dark", "for terminals with a dark background", DarkColors.Inks, DarkColors.Grounds);

    public static Palette Light { get; } =
        new("light", "for terminals with a light background", LightColors.Inks, LightColors.Grounds)
        {
            IsLight = true,
        };

    public static Palette Sixteen { get; } =
        new(
            "16",
            "the sixteen colours of every terminal",
            [
                Name(ColorName16.White),
                Name(ColorName16.Gray),
                Name(ColorName16.White),
                Name(ColorName16.BrightCyan),
                Name(ColorName16.Gray),
                Name(ColorName16.BrightMagenta),
                Name(ColorName16.Yellow),
                Name(ColorName16.BrightCyan),
                Name(ColorName16.BrightGreen),
                Name(ColorName16.BrightRed),
                Name(ColorName16.BrightRed),
                Name(ColorName16.BrightMagenta),
                Name(ColorName16.BrightYellow),
            ],
            [
                Name(ColorName16.Black),
                Name(ColorName16.Cyan),
                Name(ColorName16.Black),
                Name(ColorName16.Black),
                Name(ColorName16.Gray),
                Name(ColorName16.Gray),
            ],
            onBright: Name(ColorName16.Black)
        );

    public static Palette SixteenLight { get; } =
        new(
            "16-light",
            "the sixteen colours, for terminals with a light background",
            [
                Name(ColorName16.Black),
                Name(ColorName16.DarkGray),
                Name(ColorName16.Black),
                Name(ColorName16.Blue),
                Name(ColorName16.DarkGray),
                Name(ColorName16.Magenta),
                Name(ColorName16.Cyan),
                Name(ColorName16.Blue),
                Name(ColorName16.Green),
                Name(ColorName16.Red),
                Name(ColorName16.Red),
                Name(ColorName16.Magenta),
                Name(ColorName16.Red),
            ],
            [
                Name(ColorName16.White),
                Name(ColorName16.Blue),
                Name(ColorName16.White),
                Name(ColorName16.White),
                Name(ColorName16.DarkGray),
                Name(ColorName16.DarkGray),
            ],
            onBright: Name(ColorName16.White)
        )
        {
            IsLight = true,
        };

    public static Palette Plain { get; } =
        new(
            "none",
            "no colours: bold and reverse video only",
            null,
            [Color.None, Color.None, Color.None, Color.None, Color.None, Color.None]
        );

    public static IReadOnlyList<Palette> All { get; } = [Dark, Light, Sixteen, SixteenLight, Plain];

    /// <summary>The theme for a terminal with a light or dark background.</summary>
    public static Palette OnGround(bool isLight) => isLight ? Light : Dark;

    /// <summary>Whether a background is light (relative luminance of sRGB, roughly).</summary>
    public static bool IsLight(Color ground) =>
        0.299 * ground.R + 0.587 * ground.G + 0.114 * ground.B > 127;

    /// <summary>Copies of the colours of a base theme; null: not a base theme.</summary>
    public static (Color[] Inks, Color[] Grounds)? Colors(string name) =>
        name == Dark.Name ? ([.. DarkColors.Inks], [.. DarkColors.Grounds])
        : name == Light.Name ? ([.. LightColors.Inks], [.. LightColors.Grounds])
        : null;

    private static Color[] Inks(params int[] colors) => Array.ConvertAll(colors, Rgb);

    public static Color Rgb(int rgb) => new((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255);

    private static Color Name(ColorName16 name) => new(name);
}
