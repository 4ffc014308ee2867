using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>Starts attempts that have a sandbox or a setup line, and identifies the job's process.
/// bubblewrap starts that process and exits before the command runs, so that the job's exit code
/// and signal are its own. Owned by the event-loop thread.</summary>
internal sealed class SandboxStarts(HomePaths home, SandboxTool tool)
{
    private const string Bash = "/bin/bash";
    private const string Sh = "/bin/sh";
    private readonly bool _isRoot = Libc.geteuid() == 0;

    /// <summary>The starts that bubblewrap has not left yet.</summary>
    private readonly List<SandboxStart> _starting = [];
    private readonly Dictionary<int, SandboxStart> _byPid = [];

    /// <summary>Gives the start of a sandbox what only its inner program may see: the job's
    /// variables, one of which could make the outer programs run code of the job. Returns 0 or an
    /// errno. The caller closes <see cref="SpawnRequest.ArgumentsFd"/>.</summary>
    public int Enclose(SandboxStart? sandboxStart, ref SpawnRequest request)
    {
        if (sandboxStart is not { InSandbox: true })
            return 0;
        var variables = MemoryFile.Make(
            "variables",
            Encoding.UTF8.GetBytes(SandboxShell.Variables(request.Environment)),
            out var error
        );
        if (error != 0)
            return error;
        request = request with
        {
            Environment = [.. request.Environment.Where(JobMark.IsVariable)],
            FilterFd = tool.FilterFd,
            ArgumentsFd = variables,
        };
        return 0;
    }

    public static bool IsFor(StartProcess order) =>
        order.EnvironmentDefinition is { Setup.Length: > 0 } || Sandbox.Of(order) is not null;

    public static bool HasSandbox(StartProcess order) => Sandbox.Of(order) is not null;

    /// <summary>The file of the machine at a path that the job sees in its sandbox; null: none, or
    /// one that ends with the sandbox.</summary>
    /// <param name="path">An absolute path.</param>
    public static SandboxPlace? Place(
        StartProcess order,
        AttemptPaths paths,
        string path,
        string home
    )
    {
        if (Sandbox.Of(order) is not { } sandbox)
            return null;
        var directory = DirectoryInside(order, paths);
        var files = MachineFiles.Instance;
        var parts = SandboxView.Parts(sandbox, directory, paths.Directory, home, files);
        return SandboxView.Find(parts, path, files);
    }

    /// <summary>The working directory on the machine; the attempts' if it ends with the
    /// sandbox.</summary>
    public string DirectoryOf(StartProcess order, AttemptPaths paths) =>
        Path.IsPathRooted(order.WorkingDirectory)
            ? Place(order, paths, order.WorkingDirectory, home.Home)?.Full ?? paths.Folder
            : order.WorkingDirectory;

    /// <summary>The shell of a job that names none.</summary>
    /// <param name="hostShell">The shell of jobs that use the machine's root file system.</param>
    public static string ShellIn(Sandbox? sandbox, string hostShell) =>
        sandbox is not { Root.Length: > 0 } ? hostShell
        : RootedPath.KindAt(sandbox.Root, Bash, MachineFiles.Instance) == PathEntryKind.None ? Sh
        : Bash;

    /// <summary>Returns the command line that starts an attempt.</summary>
    /// <param name="hostShell">The shell of jobs that use the machine's root file system.</param>
    /// <param name="account">The account that starts it; null: the executor's own.</param>
    /// <param name="reason">The reason if it cannot be started; the command line is then
    /// empty.</param>
    public IReadOnlyList<string> Prepare(
        AttemptId id,
        AttemptPaths paths,
        StartProcess order,
        string hostShell,
        Account? account,
        out SandboxStart? sandboxStart,
        out string? reason
    )
    {
        // bubblewrap has no more rights than these checks.
        using var rights = new FileRights(account);
        sandboxStart = null;
        var sandbox = Sandbox.Of(order);
        reason = sandbox is null ? null : ReasonAgainst(sandbox, order, paths);
        if (reason is not null)
            return [];
        var shell = ShellIn(sandbox, hostShell);
        // The program is searched for inside the sandbox, with the PATH of the setup line.
        var command = CommandLine.For(order.Command, order.Argv, order.Shell, _ => true);
        if (command is StartMode.CannotStart cannot)
        {
            reason = cannot.Why;
            return [];
        }
        var environment = order.EnvironmentDefinition;
        var setup = environment?.Setup ?? "";
        var plan = new StartPlan(
            environment?.Name ?? "",
            setup.Length > 0,
            JobStartShell.ProgramOf(command, shell)
        );
        sandboxStart = new(id, paths, plan, sandbox is not null);
        var entry = JobStartShell.Words(command, setup, sandbox is not null, shell);
        if (sandbox is null)
            return entry;
        _starting.Add(sandboxStart);
        var inside = DirectoryInside(order, paths);
        var own = new SandboxFiles(home.Home, paths.Directory, OwnFilesOf(paths, order.Profile));
        var options = Bubblewrap.Options(sandbox, inside, own, MachineFiles.Instance);
        var anchor = Bubblewrap.AnchorOptions(options);
        return SandboxShell.Words(
            tool.Program,
            anchor,
            options,
            entry,
            byRoot: _isRoot && account is null,
            hasFilter: tool.FilterFd > 0
        );
    }

    /// <summary>Whether this exit is bubblewrap's, which has handed over to the job.</summary>
    public bool IsBubblewrapExit(SandboxStart? sandboxStart, in ChildExit exit)
    {
        if (sandboxStart is not { InSandbox: true } || exit.Signal != Libc.SIGKILL)
            return false;
        if (sandboxStart.ReadNote().Pid is not (> 0 and var pid))
            return false;
        if (_starting.Remove(sandboxStart))
            _byPid[pid] = sandboxStart;
        return true;
    }

    /// <summary>Returns the attempt whose job was this process in its sandbox; null: none. Its exit
    /// may be reported before bubblewrap's.</summary>
    public AttemptId? TakeAttemptOf(int pid)
    {
        if (_byPid.Remove(pid, out var known))
            return known.Attempt;
        if (_starting.Find(one => one.ReadNote().Pid == pid) is not { } sandboxStart)
            return null;
        _starting.Remove(sandboxStart);
        return sandboxStart.Attempt;
    }

    /// <summary>Ends the process that keeps the pid namespace of a job whose first process has
    /// ended, so that the namespace ends with the job's last process.</summary>
    /// <param name="session">The job's session. The anchor's pid may be reused by now, but never
    /// outside the job's session.</param>
    public static void EndAnchor(SandboxStart sandboxStart, int session)
    {
        if (
            sandboxStart.InSandbox
            && sandboxStart.ReadNote().Anchor is > 0 and var anchor
            && Libc.getsid(anchor) == session
        )
            _ = Libc.kill(anchor, Libc.SIGKILL);
    }

    /// <summary>Removes the files of a start whose attempt has no live processes; returns its
    /// progress.</summary>
    public StartProgress Finish(SandboxStart sandboxStart)
    {
        var note = sandboxStart.ReadNote();
        _ = _starting.Remove(sandboxStart);
        if (_byPid.GetValueOrDefault(note.Pid) == sandboxStart)
            _byPid.Remove(note.Pid);
        _ = Libc.unlink(sandboxStart.NotePath);
        foreach (var file in (string[])[sandboxStart.Paths.Logging, sandboxStart.Paths.Profile])
        {
            if (FileLength.Of(file) == 0)
                _ = Libc.unlink(file);
        }
        return note;
    }

    /// <summary>The files that must be bound for the job's logging, profile and system log
    /// messages. A missing file cannot be bound, so the files that the job writes are
    /// created.</summary>
    private List<SandboxFile> OwnFilesOf(AttemptPaths paths, bool profile)
    {
        var own = new List<SandboxFile>();
        string[] always = [paths.Logging, paths.Exception];
        string[] written = profile ? [.. always, paths.Profile] : always;
        foreach (var file in written)
        {
            var fd = JobFile.OpenOwn(file, Libc.O_WRONLY | Libc.O_CREAT, 0x180);
            if (fd < 0)
                continue;
            _ = Libc.close(fd);
            own.Add(new(file, file, ReadOnly: false));
        }
        if (Libc.MayAccess(home.Python, Libc.X_OK))
            own.Add(new(home.Python, home.Python, ReadOnly: true));
        if (Libc.MayAccess(home.SyslogSocket, Libc.W_OK))
            own.Add(new(home.SyslogSocket, "/dev/log", ReadOnly: false));
        return own;
    }

    private string? ReasonAgainst(Sandbox sandbox, StartProcess order, AttemptPaths paths) =>
        SandboxCheck.OfMachine(sandbox, tool.Isolation)
        ?? SandboxCheck.OfFiles(order.EnvironmentDefinition, order.Volumes, MachineFiles.Instance)
        ?? SandboxCheck.OfHome(
            sandbox,
            DirectoryInside(order, paths),
            paths.Directory,
            home.Home,
            MachineFiles.Instance
        );

    private static string DirectoryInside(StartProcess order, AttemptPaths paths) =>
        order.WorkingDirectory.Length > 0 ? order.WorkingDirectory : paths.Directory;
}
