using System.Text.RegularExpressions;

namespace JobCloud.Protocol.Logs;

/// <summary>Detects commands that start Python directly, so that Python's own profiler can be
/// used.</summary>
public static partial class PythonCommand
{
    private const string Shebang = "#!";

    // Programs that replace themselves with the command after them.
    private static readonly string[] Before = ["env", "exec", "nohup"];

    /// <summary><c>python3 x</c>, <c>env A=b python3.11 x</c>, <c>/opt/pypy x</c>, or a script
    /// whose first line names such a program.</summary>
    /// <param name="firstLineOf">Reads the first line of a file; empty: it cannot be
    /// read.</param>
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

    /// <summary>Whether Python is started with an option that makes it ignore its environment
    /// variables.</summary>
    public static bool IgnoresVariables(string command)
    {
        var words = command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var options = words
            .SkipWhile(word => !Program().IsMatch(word[(word.LastIndexOf('/') + 1)..]))
            .Skip(1)
            .TakeWhile(word => word.StartsWith('-') && !word.StartsWith("--"));
        foreach (var option in options)
        {
            foreach (var letter in option.AsSpan(1))
            {
                if (letter is 'I' or 'E')
                    return true;
                // The rest is the option's argument, or the program's own words follow.
                if (letter is 'c' or 'm')
                    return false;
                if (letter is 'W' or 'X')
                    break;
            }
        }
        return false;
    }

    [GeneratedRegex(@"^(python|pypy)[0-9.]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Program();
}
