using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>Builds the commands that terminals start in a job.</summary>
public static class TerminalCommands
{
    /// <summary>The descriptor of <see cref="Variables"/>.</summary>
    public const int VariablesFd = 3;

    // Opened by its path: a shell may read further than a descriptor's first lines.
    private const string TakeVariables = ". /proc/self/fd/3 || exit\nexec 3<&-\n";

    /// <summary>Variables that a shell sets itself and may not let others set.</summary>
    private static readonly string[] OfShells =
    [
        "BASHOPTS",
        "BASH_VERSINFO",
        "EUID",
        "OPTIND",
        "PPID",
        "SHELLOPTS",
        "UID",
    ];

    private const string Prepare = "cd \"$1\" || exit\nshift\n";
    private const string Become = "exec \"$@\"";

    /// <summary>The user's shell, interactive if it has a terminal. It is not a login shell,
    /// because the machine's profile would replace the job's PATH.</summary>
    public static IReadOnlyList<string> Shell(string shell) => [shell];

    /// <summary>A command, run by the job's shell.</summary>
    public static IReadOnlyList<string> Command(string shell, string text) => [shell, "-c", text];

    /// <summary>A command, run in a directory after a setup line. The setup line shares neither the
    /// command's output nor its input.</summary>
    /// <param name="shell">The shell that runs the setup line.</param>
    /// <param name="setup">The setup line; empty: none.</param>
    /// <param name="takesVariables">Whether the job's variables are in
    /// <see cref="VariablesFd"/> instead of the environment.</param>
    public static IReadOnlyList<string> Within(
        string shell,
        string directory,
        string setup,
        bool takesVariables,
        IReadOnlyList<string> words
    )
    {
        var take = takesVariables ? TakeVariables : "";
        var set = setup.Length > 0 ? $"{{\n{setup}\n}} >&2 </dev/null || exit\n" : "";
        return [shell, "-c", take + Prepare + set + Become, shell, directory, .. words];
    }

    /// <summary>The content of <see cref="VariablesFd"/>: shell text that sets the job's variables
    /// in its sandbox. The programs that enter the sandbox must not see them: the loader would run
    /// the job's code outside. A shell drops names that are none to it.</summary>
    /// <param name="variables"><c>NAME=value</c> each.</param>
    public static string Variables(IEnumerable<string> variables) =>
        string.Concat(
            from variable in variables
            let end = variable.IndexOf('=', StringComparison.Ordinal)
            where end > 0 && IsName(variable.AsSpan(0, end))
            select $"export {variable[..end]}={ShellWords.Quote(variable[(end + 1)..])}\n"
        );

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        return !char.IsAsciiDigit(name[0]) && !OfShells.Contains(name.ToString());
    }
}
