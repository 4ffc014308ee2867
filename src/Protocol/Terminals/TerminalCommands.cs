namespace JobCloud.Protocol.Terminals;

/// <summary>Builds the commands that terminals start in a job.</summary>
public static class TerminalCommands
{
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
    public static IReadOnlyList<string> Within(
        string shell,
        string directory,
        string setup,
        IReadOnlyList<string> words
    )
    {
        var set = setup.Length > 0 ? $"{{\n{setup}\n}} >&2 </dev/null || exit\n" : "";
        return [shell, "-c", Prepare + set + Become, shell, directory, .. words];
    }
}
