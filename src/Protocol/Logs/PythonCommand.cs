using System.Text.RegularExpressions;

namespace JobCloud.Protocol.Logs;

/// <summary>Whether a command is Python's from its start, so that Python itself can tell where its
/// time goes.</summary>
public static partial class PythonCommand
{
    private const string Shebang = "#!";

    // Words that run what stands after them in their place.
    private static readonly string[] Before = ["env", "exec", "nohup"];

    /// <summary><c>python3 x</c>, <c>env A=b python3.11 x</c>, <c>/opt/pypy x</c>, or a script
    /// whose first line names such a program.</summary>
    /// <param name="firstLineOf">Of the file that a word names; empty: it cannot be read.</param>
    public static bool Is(string command, Func<string, string> firstLineOf)
    {
        foreach (var quoted in command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var word = quoted.Trim('"', '\'');
            var name = word[(word.LastIndexOf('/') + 1)..];
            if (word.Contains('=') || word.StartsWith('-') || Before.Contains(name))
                continue;
            if (Program().IsMatch(name))
                return true;
            var line = firstLineOf(word);
            return line.StartsWith(Shebang, StringComparison.Ordinal)
                && Is(line[Shebang.Length..], _ => "");
        }
        return false;
    }

    [GeneratedRegex(@"^(python|pypy)[0-9.]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Program();
}
