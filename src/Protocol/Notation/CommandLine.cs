using System.Collections.Frozen;

namespace JobCloud.Protocol.Notation;

/// <summary>The way to start a command.</summary>
public abstract record StartMode
{
    private StartMode() { }

    /// <summary>Execute the program directly with these arguments.</summary>
    public sealed record Direct(IReadOnlyList<string> Argv) : StartMode;

    /// <summary>Run the text in a shell; <paramref name="Path"/> null: the default shell.</summary>
    public sealed record Shell(string Text, string? Path) : StartMode;

    /// <summary>It cannot start; <paramref name="Why"/> is a sentence without a full
    /// stop.</summary>
    public sealed record CannotStart(string Why) : StartMode;
}

/// <summary>Decides whether a command needs a shell.</summary>
public static class CommandLine
{
    /// <summary>The shell value of jobs that never use a shell.</summary>
    public const string NoShell = "none";

    // Any of these may mean something to bash or sh (bash(1), QUOTING, EXPANSION, HISTORY).
    private const string Syntax = "#;\"*?[]&|<>(){}$`~!\\'^%\n\r";

    // Reserved words and builtins (bash(1)) that have no program, or one that acts differently.
    private static readonly FrozenSet<string> ShellWords = FrozenSet.ToFrozenSet(
        (
            ". : [ alias bg bind break builtin caller case cd command compgen complete compopt "
            + "continue coproc declare dirs disown do done elif else enable esac eval exec exit "
            + "export fc fg fi for function getopts hash help history if in jobs kill let local "
            + "logout mapfile popd printf pushd pwd read readarray readonly return select set "
            + "shift shopt source suspend test then time times trap type typeset ulimit umask "
            + "unalias unset until wait while"
        ).Split(' '),
        StringComparer.Ordinal
    );

    // Builtins that behave like the programs of the same name, unless they get an option.
    private static readonly FrozenSet<string> SameAsProgram = FrozenSet.ToFrozenSet(
        ["echo", "false", "true"],
        StringComparer.Ordinal
    );

    /// <summary>Joins the words of a command line to a text for the shell.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words);

    /// <summary>Decides how to start a command whose parameters are filled in.</summary>
    /// <param name="shell">As in JobSpec: empty, "none" or a path.</param>
    /// <param name="isProgram">Whether a word is an executable in PATH, or at its path.</param>
    public static StartMode For(string command, string shell, Func<string, bool> isProgram)
    {
        if (shell.Length > 0 && shell != NoShell)
            return new StartMode.Shell(command, shell);
        if (shell.Length == 0 && command.AsSpan().ContainsAny(Syntax))
            return new StartMode.Shell(command, null);
        var argv = command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (argv.Length == 0)
            return new StartMode.CannotStart("the command is empty");
        if (shell.Length == 0 && IsForShell(argv))
            return new StartMode.Shell(command, null);
        if (isProgram(argv[0]))
            return new StartMode.Direct(argv);
        return new StartMode.CannotStart(
            argv[0].Contains('/')
                ? $"no such file: {argv[0]}"
                : $"no such program in PATH: {argv[0]}"
        );
    }

    private static bool IsForShell(string[] argv)
    {
        var first = argv[0];
        if (first[0] == '-' || first.Contains('=') || ShellWords.Contains(first))
            return true;
        return SameAsProgram.Contains(first) && argv.AsSpan(1).ContainsOption();
    }

    private static bool ContainsOption(this Span<string> words)
    {
        foreach (var word in words)
        {
            if (word[0] == '-')
                return true;
        }
        return false;
    }
}
