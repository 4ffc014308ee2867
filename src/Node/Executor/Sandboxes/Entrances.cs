using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>Starts attempts that have a sandbox or a setup line, and knows which process is the
/// job's: bubblewrap, which starts it, leaves before the command runs, so that the job's exit code
/// and signal are its own. Owned by the loop's thread.</summary>
internal sealed class Entrances(HomePaths home, SandboxTool tool)
{
    private const string Bash = "/bin/bash";
    private const string Sh = "/bin/sh";
    private readonly int _self = Libc.getpid();

    /// <summary>Those that bubblewrap has not left yet.</summary>
    private readonly List<Entrance> _entering = [];
    private readonly Dictionary<int, Entrance> _byPid = [];

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

    /// <summary>The words that start it.</summary>
    /// <param name="directory">Its working directory on the machine.</param>
    /// <param name="hostShell">The shell of jobs that see the machine's root.</param>
    /// <param name="trouble">Why it cannot be started; then there are no words.</param>
    public IReadOnlyList<string> Prepare(
        AttemptId id,
        AttemptPaths paths,
        StartProcess order,
        string directory,
        string hostShell,
        out Entrance? entrance,
        out string? trouble
    )
    {
        entrance = null;
        var sandbox = Sandbox.Of(order);
        trouble = sandbox is null ? null : TroubleOf(sandbox, order);
        if (trouble is not null)
            return [];
        var shell = ShellIn(sandbox, hostShell);
        // The job itself looks for its program: where it is, and with the PATH of its setup line.
        var command = CommandLine.For(order.Command, order.Shell, _ => true);
        if (command is StartMode.CannotStart cannot)
        {
            trouble = cannot.Why;
            return [];
        }
        var environment = order.EnvironmentDefinition;
        var setup = environment?.Setup ?? "";
        var plan = new EntryPlan(
            environment?.Name ?? "",
            setup.Length > 0,
            JobEntry.ProgramOf(command, shell)
        );
        entrance = new(id, paths, plan, sandbox is not null);
        var entry = JobEntry.Words(command, setup, sandbox is not null, _self, shell);
        if (sandbox is null)
            return entry;
        _entering.Add(entrance);
        var inside = order.WorkingDirectory.Length > 0 ? order.WorkingDirectory : directory;
        var files = sandbox.Root.Length > 0 ? OwnFilesOf(paths, order.Profile) : [];
        var own = new OwnFiles(home.Home, files);
        var options = Bubblewrap.Options(sandbox, inside, own, MachineFiles.Instance);
        return [tool.Program, .. options, .. entry];
    }

    /// <summary>Whether this end is that of bubblewrap, which has made way for the job.</summary>
    public bool IsLeaving(Entrance? entrance, in ChildExit exit)
    {
        if (entrance is not { InSandbox: true } || exit.Signal != Libc.SIGKILL)
            return false;
        if (entrance.ReadNote().Pid is not (> 0 and var pid))
            return false;
        if (_entering.Remove(entrance))
            _byPid[pid] = entrance;
        return true;
    }

    /// <summary>The attempt whose job this process was, in its sandbox; null: none's. It may be
    /// told before the end of bubblewrap is.</summary>
    public AttemptId? EndedBy(int pid)
    {
        if (_byPid.Remove(pid, out var known))
            return known.Attempt;
        if (_entering.Find(one => one.ReadNote().Pid == pid) is not { } entrance)
            return null;
        _entering.Remove(entrance);
        return entrance.Attempt;
    }

    /// <summary>Nothing of the attempt lives: removes what its way in needed; returns how far it
    /// came.</summary>
    public EntryNote Leave(Entrance entrance)
    {
        var note = entrance.ReadNote();
        _ = _entering.Remove(entrance);
        if (_byPid.GetValueOrDefault(note.Pid) == entrance)
            _byPid.Remove(note.Pid);
        _ = Libc.unlink(entrance.NotePath);
        foreach (var file in (string[])[entrance.Paths.Logging, entrance.Paths.Profile])
        {
            if (FileLength.Of(file) == 0)
                _ = Libc.unlink(file);
        }
        return note;
    }

    /// <summary>What its logging, its profile and its words to the system log go through. What is
    /// not there cannot be bound: files that it writes are made.</summary>
    private List<OwnFile> OwnFilesOf(AttemptPaths paths, bool profile)
    {
        var own = new List<OwnFile>();
        string[] written = profile ? [paths.Logging, paths.Profile] : [paths.Logging];
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
