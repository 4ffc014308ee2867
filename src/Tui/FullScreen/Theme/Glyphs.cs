using System.Collections.Frozen;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>ASCII replacements for JobCloud's own glyphs.</summary>
internal static class Glyphs
{
    private static readonly FrozenDictionary<string, string> Replacements = new Dictionary<
        string,
        string
    >
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
        ["–"] = "-",
        ["▲"] = "^",
        ["▼"] = "v",
        ["◆"] = "*",
        ["→"] = ">",
        ["←"] = "<",
        ["↑"] = "^",
        ["↓"] = "v",
        ["─"] = "-",
        ["╌"] = "-",
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
        grapheme.Length == 1
        && grapheme[0] > 0x7e
        && Replacements.TryGetValue(grapheme, out var replacement)
            ? replacement
            : grapheme;
}
