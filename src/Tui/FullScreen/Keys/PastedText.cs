using System.Text;

namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Text that the user pasted.</summary>
internal static class PastedText
{
    /// <summary>The name of the key press that carries it; no action has this key.</summary>
    public const string KeyName = "Paste";

    /// <summary>The text as one line: each line break or tab is a space, other control characters
    /// are left out, and space at the end is too.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text.ReplaceLineEndings("\n"))
        {
            if (character is '\n' or '\t')
                line.Append(' ');
            else if (!char.IsControl(character))
                line.Append(character);
        }
        return line.ToString().TrimEnd(' ');
    }
}
