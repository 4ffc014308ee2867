using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>Starts attempts that have a sandbox or a setup line, and knows which process is the job's:
/// bubblewrap, which starts it, leaves before the command runs, so that the job's exit code and signal
/// are its own. Owned by the loop's thread.</summary>
internal sealed class Entrances(HomePaths home, SandboxTool tool)
{
    private const string Bash = "/bin/bash";
    private const string Sh = "/bin/sh";
    private readonly int _self = Libc.getpid();

    /// <summary>Attempts that bubblewrap has not left yet.</summary>
    private readonly List<Attempt> _entering = [];
    private readonly Dictionary<int, Attempt> _byPid = [];

    public static bool IsFor(StartProcess order) =>
        order.EnvironmentDefinition is { Setup.Length: > 0 } || Sandbox.Of(order) is not null;

    /// <summary>Where on the machine lies what the job finds at a path.</summary>
    /// <param name="path">May be relative to the working directory.</param>
    /// <param name="directory">The job's working directory, as it sees it.</param>
    public static string Outside(StartProcess order, string path, string directory) =>
        path.Length > 0 && Sandbox.Of(order) is { HasMounts: true } sandbox
            ? sandbox.Outside(Path.GetFullPath(path, directory), directory, MachineFiles.Instance)
            : path;

    /// <summary>The shell of a job that names none.</summary>
    /// <param name="hostShell">The shell of jobs that see the machine's root.</param>
    public static string ShellIn(Sandbox? sandbox, string hostShell) =>
        sandbox is not { Root.Length: > 0 } ? hostShell
        : RootedPath.KindAt(sandbox.Root, Bash, MachineFiles.Instance) == PlaceKind.Nothing ? Sh
        : Bash;

    /// <summary>Puts the words together that start it. Null: they are there; else why it cannot be
    /// started.</summary>
    /// <param name="hostShell">The shell of jobs that see the machine's root.</param>
    public string? Prepare(
        Attempt attempt,
        StartProcess order,
        string hostShell,
        out IReadOnlyList<string> words
    )
    {
        words = [];
        var sandbox = Sandbox.Of(order);
        if (sandbox is not null && TroubleOf(sandbox, order) is { } trouble)
            return trouble;
        var shell = ShellIn(sandbox, hostShell);
        // The job itself looks for its program: where it is, and with the PATH of its setup line.
        var command = CommandLine.For(order.Command, order.Shell, _ => true);
        if (command is StartMode.CannotStart cannot)
            return cannot.Why;
        var environment = order.EnvironmentDefinition;
        var setup = environment?.Setup ?? "";
        var entry = JobEntry.Words(command, setup, sandbox is not null, _self, shell);
        attempt.Entrance = new(
            new(environment?.Name ?? "", setup.Length > 0, JobEntry.ProgramOf(command, shell)),
            sandbox is not null,
            attempt.Paths.EntryNote
        );
        if (sandbox is null)
        {
            words = entry;
            return null;
        }
        var directory =
            order.WorkingDirectory.Length > 0 ? order.WorkingDirectory : attempt.WorkingDirectory;
        var own = new OwnFiles(home.Home, sandbox.Root.Length > 0 ? OwnFilesOf(attempt) : []);
        var options = Bubblewrap.Options(sandbox, directory, own, MachineFiles.Instance);
        words = [tool.Program, .. options, .. entry];
        _entering.Add(attempt);
        return null;
    }

    /// <summary>Whether this end is that of bubblewrap, which has made way for the job.</summary>
    public bool IsLeaving(Attempt attempt, in ChildExit exit)
    {
        if (attempt.Entrance is not { InSandbox: true } entrance || exit.Signal != Libc.SIGKILL)
            return false;
        if (entrance.ReadNote().Pid is not (> 0 and var pid))
            return false;
        if (_entering.Remove(attempt))
            _byPid[pid] = attempt;
        return true;
    }

    /// <summary>The attempt whose job this process was, in its sandbox; null: none's. It may be told
    /// before the end of bubblewrap is.</summary>
    public Attempt? EndedBy(int pid)
    {
        if (_byPid.Remove(pid, out var known))
            return known;
        var attempt = _entering.Find(one => one.Entrance!.ReadNote().Pid == pid);
        if (attempt is not null)
            _entering.Remove(attempt);
        return attempt;
    }

    /// <summary>Nothing of the attempt lives: notes why its command was not reached, if it was
    /// not.</summary>
    public void Leave(Attempt attempt)
    {
        if (attempt.Entrance is not { } entrance)
            return;
        var note = entrance.ReadNote();
        _ = _entering.Remove(attempt);
        if (_byPid.GetValueOrDefault(note.Pid) == attempt)
            _byPid.Remove(note.Pid);
        _ = Libc.unlink(entrance.NotePath);
        foreach (var file in (string[])[attempt.Paths.Logging, attempt.Paths.Profile])
        {
            if (OutputFile.Size(file) == 0)
                _ = Libc.unlink(file);
        }
        if (attempt.Pid == 0)
            return;
        var exit = new Exit { Code = attempt.FirstExit.Code, Signal = attempt.FirstExit.Signal };
        var byBubblewrap = entrance.InSandbox && attempt.FirstExit.Pid == attempt.Pid;
        var complaint = byBubblewrap
            ? LastLine.Of(attempt.SpareStderr ?? attempt.Paths.Stderr)
            : "";
        attempt.NotStarted = note.Trouble(entrance.Plan, exit, byBubblewrap, complaint) ?? "";
    }

    /// <summary>What its logging, its profile and its words to the system log go through. What is
    /// not there cannot be bound: files that it writes are made.</summary>
    private List<OwnFile> OwnFilesOf(Attempt attempt)
    {
        var own = new List<OwnFile>();
        var written = attempt.HasProfile
            ? (string[])[attempt.Paths.Logging, attempt.Paths.Profile]
            : [attempt.Paths.Logging];
        foreach (var file in written)
        {
            var fd = Libc.open(file, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_CLOEXEC, 0x180);
            if (fd < 0)
                continue;
            _ = Libc.close(fd);
            own.Add(new(file, file, ReadOnly: false));
        }
        if (Libc.access(home.Python, Libc.X_OK) == 0)
            own.Add(new(home.Python, home.Python, ReadOnly: true));
        if (Libc.access(home.SyslogSocket, Libc.W_OK) == 0)
            own.Add(new(home.SyslogSocket, "/dev/log", ReadOnly: false));
        return own;
    }

    private string? TroubleOf(Sandbox sandbox, StartProcess order) =>
        SandboxCheck.OfMachine(sandbox, tool.Isolation)
        ?? SandboxCheck.OfFiles(order.EnvironmentDefinition, order.Volumes, MachineFiles.Instance);
}
