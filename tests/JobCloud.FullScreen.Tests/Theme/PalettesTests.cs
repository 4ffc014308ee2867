using System.Text;
using JobCloud.Tui.FullScreen.Theme;
using JobCloud.Tui.FullScreen.Widgets;
using Terminal.Gui.Drawing;

namespace JobCloud.FullScreen.Tests.Theme;

public sealed class PalettesTests
{
    // What terminals show at the least: the colours of the VGA.
    private const double LeastContrast = 2.8;

    public static TheoryData<string> Colored =>
        [.. Palettes.All.Where(p => p != Palettes.Plain).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Colored))]
    public void Every_ink_can_be_read_on_every_ground(string name)
    {
        var palette = Palettes.All.Single(p => p.Name == name);
        foreach (var ink in Enum.GetValues<Ink>().Where(ink => ink != Ink.Rule))
        foreach (var ground in Enum.GetValues<Ground>())
        {
            var look = palette.Of(new Style(ink, ground));
            var back =
                look.Background == Color.None ? Plain(palette) : Shown(palette, look.Background);
            var contrast = Contrast(Shown(palette, look.Foreground), back);
            Assert.True(contrast >= LeastContrast, $"{ink} on {ground} of {name}: {contrast:0.0}");
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 16)]
    [InlineData(255, 255, 255, 231)]
    [InlineData(255, 0, 0, 196)]
    [InlineData(95, 135, 175, 67)]
    [InlineData(8, 8, 8, 232)]
    [InlineData(238, 238, 238, 255)]
    [InlineData(128, 128, 128, 244)]
    public void A_colour_gets_the_number_of_the_nearest_one(
        int red,
        int green,
        int blue,
        int index
    ) => Assert.Equal(index, IndexedColors.Nearest(red, green, blue));

    [Fact]
    public void Colours_of_24_bits_are_written_by_number()
    {
        var text = new StringBuilder("\e[1;38;2;255;0;0m38;2;");
        text.Append("\e[38;2;255;0;0m\e[48;2;0;0;0;1mx\e[0m\e[39;48;2;95;135;175m");
        IndexedColors.Replace(text, "\e[1;38;2;255;0;0m38;2;".Length);
        Assert.Equal(
            "\e[1;38;2;255;0;0m38;2;\e[38;5;196m\e[48;5;16;1mx\e[0m\e[39;48;5;67m",
            text.ToString()
        );
    }

    private static Color Plain(Palette palette) =>
        palette.IsLight ? Palettes.Rgb(0xFFFFFF) : Palettes.Rgb(0);

    private static Color Shown(Palette palette, Color color)
    {
        if (!palette.FewColors)
            return color;
        var name = color.GetClosestNamedColor16();
        return Palettes.Rgb(
            name switch
            {
                ColorName16.Black => 0x000000,
                ColorName16.Blue => 0x0000AA,
                ColorName16.Green => 0x00AA00,
                ColorName16.Cyan => 0x00AAAA,
                ColorName16.Red => 0xAA0000,
                ColorName16.Magenta => 0xAA00AA,
                ColorName16.Yellow => 0xAA5500,
                ColorName16.Gray => 0xAAAAAA,
                ColorName16.DarkGray => 0x555555,
                ColorName16.BrightBlue => 0x5555FF,
                ColorName16.BrightGreen => 0x55FF55,
                ColorName16.BrightCyan => 0x55FFFF,
                ColorName16.BrightRed => 0xFF5555,
                ColorName16.BrightMagenta => 0xFF55FF,
                ColorName16.BrightYellow => 0xFFFF55,
                _ => 0xFFFFFF,
            }
        );
    }

    // WCAG 2: contrast of relative luminances.
    private static double Contrast(Color one, Color other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(Color color) =>
        0.2126 * Linear(color.R) + 0.7152 * Linear(color.G) + 0.0722 * Linear(color.B);

    private static double Linear(byte level)
    {
        var part = level / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
