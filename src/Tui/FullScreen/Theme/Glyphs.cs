using System.Collections.Frozen;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>What stands for the product's own glyphs on a terminal that has ASCII alone.</summary>
internal static class Glyphs
{
    private static readonly FrozenDictionary<string, string> Twins = new Dictionary<string, string>
    {
        ["●"] = "*",
        ["◌"] = ".",
        ["○"] = "o",
        ["✓"] = "+",
        ["✗"] = "x",
        ["■"] = "k",
        ["◍"] = "~",
        ["◐"] = "d",
        ["▌"] = ">",
        ["▪"] = "#",
        ["…"] = "~",
        ["·"] = ".",
        ["›"] = ">",
        ["—"] = "-",
        ["▲"] = "^",
        ["▼"] = "v",
        ["◆"] = "*",
        ["→"] = ">",
        ["←"] = "<",
        ["↑"] = "^",
        ["↓"] = "v",
        ["─"] = "-",
        ["│"] = "|",
        ["┃"] = "|",
        ["▾"] = "v",
        ["┌"] = "+",
        ["┐"] = "+",
        ["└"] = "+",
        ["┘"] = "+",
        ["├"] = "+",
        ["┤"] = "+",
        ["┬"] = "+",
        ["┴"] = "+",
        ["┼"] = "+",
        ["▁"] = "_",
        ["▂"] = "_",
        ["▃"] = ".",
        ["▄"] = ":",
        ["▅"] = "=",
        ["▆"] = "=",
        ["▇"] = "#",
        ["█"] = "#",
        ["▏"] = "|",
        ["▎"] = "|",
        ["▍"] = "|",
        ["▋"] = "#",
        ["▊"] = "#",
        ["▉"] = "#",
        ["░"] = ".",
        ["▒"] = ":",
        ["▓"] = "#",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Ascii(string grapheme) =>
        grapheme.Length == 1 && grapheme[0] > 0x7e && Twins.TryGetValue(grapheme, out var twin)
            ? twin
            : grapheme;
}
