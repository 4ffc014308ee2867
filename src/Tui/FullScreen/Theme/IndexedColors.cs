using System.Globalization;
using System.Text;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>The 240 colours of a 256-colour terminal that do not depend on its settings: a cube of
/// 6 x 6 x 6 colours and 24 greys (xterm, 256colres.pl).</summary>
internal static class IndexedColors
{
    private const int Cube = 16;
    private const int Greys = 232;
    private const string Rgb = "8;2;";

    private static readonly int[] Steps = [0, 95, 135, 175, 215, 255];

    /// <summary>The number of the colour that is nearest to another.</summary>
    public static int Nearest(int red, int green, int blue)
    {
        var (r, g, b) = (NearestStep(red), NearestStep(green), NearestStep(blue));
        var grey = Math.Clamp((red + green + blue) / 3 - 3, 0, 230) / 10;
        var level = 8 + grey * 10;
        return Distance(Steps[r], Steps[g], Steps[b]) <= Distance(level, level, level)
            ? Cube + 36 * r + 6 * g + b
            : Greys + grey;

        int Distance(int r1, int g1, int b1) =>
            (r1 - red) * (r1 - red) + (g1 - green) * (g1 - green) + (b1 - blue) * (b1 - blue);
    }

    /// <summary>Replaces the 24-bit colours of control sequences, such as
    /// <c>38;2;255;0;0</c>.</summary>
    /// <param name="from">Where to begin.</param>
    public static void Replace(StringBuilder text, int from)
    {
        var sequences = text.ToString(from, text.Length - from);
        if (!sequences.Contains(Rgb, StringComparison.Ordinal))
            return;
        text.Length = from;
        for (var at = 0; at < sequences.Length; )
        {
            var next = sequences.IndexOf(Rgb, at, StringComparison.Ordinal);
            if (next < 0)
            {
                text.Append(sequences, at, sequences.Length - at);
                return;
            }
            text.Append(sequences, at, next - at);
            at = next + Rgb.Length;
            var index = Nearest(
                Number(sequences, ref at),
                Number(sequences, ref at),
                Number(sequences, ref at)
            );
            text.Append(CultureInfo.InvariantCulture, $"8;5;{index}");
            // The sign after the last number was passed over.
            at--;
        }
    }

    private static int Number(string text, ref int at)
    {
        var number = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
            number = number * 10 + text[at] - '0';
        at++;
        return Math.Min(number, 255);
    }

    private static int NearestStep(int level)
    {
        var nearest = 0;
        for (var i = 1; i < Steps.Length; i++)
            if (Math.Abs(Steps[i] - level) < Math.Abs(Steps[nearest] - level))
                nearest = i;
        return nearest;
    }
}
