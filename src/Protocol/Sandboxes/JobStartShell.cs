using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>
/// Builds the first program of a job with a sandbox or a setup line: a shell that prepares the
/// start, records its progress (<see cref="StartProgress"/>), and execs the command.
/// </summary>
public static class JobStartShell
{
    /// <summary>The file descriptor of the progress file.</summary>
    public const int NoteFd = 3;

    private const string Sh = "/bin/sh";

    // bwrap would stay the parent of the job and turn its signals into exit codes. SandboxShell
    // ends it first.
    private const string LeaveBubblewrap =
        "echo up >&4; read -r _ <&7 || exit; exec 4>&- 7<&- 8<&- 9<&-\n";
    private const string AfterSetup = "\ncase $? in 0) ;; *) exit $?;; esac\necho setup >&3\n";
    private const string Ready = "echo ready >&3; exec 3>&-";
    private const string BecomeProgram =
        "command -v \"$1\" >/dev/null || exit 127; " + Ready + "; exec \"$@\"";

    /// <summary>The arguments of the shell that starts a command, its path first.</summary>
    /// <param name="command">The way to start the command. The shell checks the program.</param>
    /// <param name="setup">The setup line; empty: none.</param>
    /// <param name="inSandbox">Whether bubblewrap starts it.</param>
    /// <param name="defaultShell">The path of the default shell, as the job sees it.</param>
    public static IReadOnlyList<string> Words(
        StartMode command,
        string setup,
        bool inSandbox,
        string defaultShell
    )
    {
        var first =
            (inSandbox ? LeaveBubblewrap : "") + (setup.Length > 0 ? setup + AfterSetup : "");
        var shell = setup.Length > 0 ? defaultShell : Sh;
        return command switch
        {
            StartMode.Shell { Path: null, Text: var text } =>
            [
                defaultShell,
                "-c",
                $"{first}{Ready}\n{text}",
            ],
            StartMode.Shell { Path: { } other, Text: var text } =>
            [
                shell,
                "-c",
                first + BecomeProgram,
                shell,
                other,
                "-c",
                text,
            ],
            StartMode.Direct { Argv: var words } =>
            [
                shell,
                "-c",
                first + BecomeProgram,
                shell,
                .. words,
            ],
            _ => [],
        };
    }

    /// <summary>The program of the command, for messages.</summary>
    public static string ProgramOf(StartMode command, string defaultShell) =>
        command switch
        {
            StartMode.Direct direct => direct.Argv[0],
            StartMode.Shell shell => shell.Path ?? defaultShell,
            _ => "",
        };
}
