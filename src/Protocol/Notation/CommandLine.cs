using System.Collections.Frozen;
using JobCloud.Protocol.Text;

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
    private static readonly FrozenSet<string> OnlyInShells = FrozenSet.ToFrozenSet(
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

    /// <summary>Sets the command to the words of a command line: one word is a shell line, several
    /// are an argv.</summary>
    public static void SetWords(JobSpec spec, IReadOnlyList<string> words)
    {
        if (words.Count == 1)
            (spec.Command, spec.Argv) = (words[0], false);
        else
            SetArgv(spec, words);
    }

    /// <summary>Sets the command to a program and its arguments.</summary>
    public static void SetArgv(JobSpec spec, IEnumerable<string> argv) =>
        (spec.Command, spec.Argv) = (ShellWords.Join(argv), true);

    /// <summary>Whether a value of JobSpec.shell names a shell.</summary>
    public static bool IsShell(string shell) => shell.Length > 0 && shell != NoShell;

    /// <summary>Decides how to start a command whose parameters are filled in.</summary>
    /// <param name="isArgv">As in JobSpec.</param>
    /// <param name="shell">As in JobSpec: empty, "none" or a path.</param>
    /// <param name="isProgram">Whether a word is an executable in PATH, or at its path.</param>
    public static StartMode For(
        string command,
        bool isArgv,
        string shell,
        Func<string, bool> isProgram
    )
    {
        if (IsShell(shell))
            return new StartMode.Shell(command, shell);
        if (isArgv)
            return ShellWords.Split(command) is { Ok: true, Value: { Count: > 0 } words }
                ? Program([.. words], isProgram)
                : new StartMode.CannotStart("the command has no words, or an unterminated quote");
        if (shell == NoShell)
            return Program([command], isProgram);
        if (command.AsSpan().ContainsAny(Syntax))
            return new StartMode.Shell(command, null);
        var argv = command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (argv.Length == 0)
            return new StartMode.CannotStart("the command is empty");
        return IsForShell(argv) ? new StartMode.Shell(command, null) : Program(argv, isProgram);
    }

    private static StartMode Program(string[] argv, Func<string, bool> isProgram)
    {
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
        if (first[0] == '-' || first.Contains('=') || OnlyInShells.Contains(first))
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
