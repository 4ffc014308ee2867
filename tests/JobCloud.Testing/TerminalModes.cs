using System.Text.RegularExpressions;

namespace JobCloud.Testing;

/// <summary>The modes that a program has set in its terminal (xterm control sequences).</summary>
public static partial class TerminalModes
{
    /// <summary>The modes that are not as a shell expects them after this output: private modes
    /// that are on, application keys, and a hidden cursor.</summary>
    public static IReadOnlyList<string> LeftOn(string output)
    {
        var on = new SortedSet<string>();
        foreach (Match match in Sequence().Matches(output))
        {
            var modes = match.Groups["modes"];
            if (!modes.Success)
                Put(on, "application keypad", match.Value == "\e=");
            foreach (var mode in modes.Value.Split(';', StringSplitOptions.RemoveEmptyEntries))
                Put(
                    on,
                    mode == "25" ? "hidden cursor" : $"?{mode}",
                    match.Groups["set"].Value == "h" != (mode == "25")
                );
        }
        return [.. on];
    }

    private static void Put(SortedSet<string> on, string mode, bool isOn)
    {
        if (isOn)
            on.Add(mode);
        else
            on.Remove(mode);
    }

    [GeneratedRegex(@"\e\[\?(?<modes>[0-9;]+)(?<set>[hl])|\e[=>]")]
    private static partial Regex Sequence();
}
