namespace JobCloud.Protocol.Terminals;

/// <summary>What a terminal starts in a job.</summary>
public static class TerminalEntry
{
    private const string Prepare = "cd \"$1\" || exit\nshift\n";
    private const string Become = "exec \"$@\"";

    /// <summary>The user's shell: interactive when it finds a terminal. Not a login shell: that
    /// would read the machine's profile, which sets PATH anew, and the job's own would be
    /// lost.</summary>
    public static IReadOnlyList<string> Shell(string shell) => [shell];

    /// <summary>A command as the job's own is started: by its shell.</summary>
    public static IReadOnlyList<string> Command(string shell, string text) => [shell, "-c", text];

    /// <summary>The same, begun in a directory and after a setup line. What that says is no output
    /// of the command's, and it has no part in its input.</summary>
    /// <param name="shell">Runs the setup line.</param>
    /// <param name="setup">Empty: none.</param>
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
