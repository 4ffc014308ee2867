using System.Text;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Starts the processes of terminals in the same place, as the same user and with the same
/// environment as the job's own process. Used only on the event-loop thread.</summary>
internal sealed class TerminalStarter(
    ExecutionSettings settings,
    JobEnvironment environment,
    JobSpawner spawner,
    SandboxTool sandboxes
)
{
    private const string Sh = "/bin/sh";
    private const string ShellVariable = "SHELL";
    private const string TermVariable = "TERM";

    /// <summary>The TERM of a client that names none.</summary>
    private const string PlainTerm = "dumb";

    private static readonly string[] SetPriv = ["/usr/bin/setpriv", "/bin/setpriv"];

    private readonly ProgramSearch _programs = new();
    private readonly SshServers _ssh = new();
    private readonly string _userShell = UserShell();

    /// <summary>Whether the job's command is not reached yet.</summary>
    public static bool IsStarting(StartedJob job) =>
        job.Launch.SandboxStart is { } sandboxStart && !sandboxStart.ReadNote().IsReady;

    /// <summary>Starts a terminal's process. Returns null on success, otherwise the reason as a
    /// sentence without its full stop.</summary>
    public string? Start(
        TrackedAttempt attempt,
        StartedJob job,
        OpenTerminal open,
        TerminalStreams ends,
        long now,
        out SpawnResult process
    )
    {
        process = default;
        string? reason = null;
        var order = job.Launch.Order;
        var sandbox = Sandbox.Of(order);
        var setup = order.EnvironmentDefinition?.Setup ?? "";
        var jobShell = SandboxStarts.ShellIn(sandbox, settings.Shell);
        var directory =
            order.WorkingDirectory.Length > 0 ? order.WorkingDirectory : job.WorkingDirectory;
        var account = job.Launch.Account;
        var userShell = UserShellIn(sandbox, jobShell, account);
        if (account is not null && ends.Terminal is { } pty && account.Own(pty) != 0)
            return $"cannot give the terminal {pty} to {account.Name}";
        IReadOnlyList<string>? arguments = open.Kind switch
        {
            TerminalKind.Shell => TerminalCommands.Shell(userShell),
            TerminalKind.Command => TerminalCommands.Command(
                ShellOf(order, jobShell),
                open.Command
            ),
            _ => _ssh.CommandLine(
                attempt,
                sandbox,
                directory,
                userShell,
                account,
                open,
                now,
                out reason
            ),
        };
        if (arguments is null)
            return reason;
        if (sandbox is not null || setup.Length > 0)
            arguments = TerminalCommands.Within(
                setup.Length > 0 ? jobShell : Sh,
                directory,
                setup,
                takesVariables: sandbox is not null,
                arguments
            );
        if (sandbox is not null)
        {
            reason = EnterSandbox(job.Launch.SandboxStart, now, out var prefix);
            if (reason is not null)
                return reason;
            arguments = [.. prefix, .. WithoutRights(sandbox, account, open.Kind), .. arguments];
        }
        var request = new SpawnRequest(
            arguments[0],
            arguments,
            EnvironmentOf(attempt.Id, job.Launch, open),
            job.WorkingDirectory,
            "/dev/null",
            "/dev/null",
            "/dev/null",
            Channels: ends.ProcessStreams
        );
        if (sandbox is not null && Confine(ref request) is var error and not 0)
            return StartErrors.ForFile(error, "the job's variables").Why;
        process = spawner.Spawn(job.Cgroup, account, request, out var trouble);
        if (request.EntryFd > 0)
            _ = Libc.close(request.EntryFd);
        return trouble?.Why;
    }

    /// <summary>Has a terminal's process enter the job's sandbox without new privileges, and with
    /// the job's variables only once it is inside: nsenter would load the job's code with the
    /// rights that it has outside. Returns 0 or an errno.</summary>
    private int Confine(ref SpawnRequest request)
    {
        var text = Encoding.UTF8.GetBytes(TerminalCommands.Variables(request.Environment));
        var variables = MemoryFile.Make("variables", text, out var error);
        request = request with
        {
            Environment = [.. request.Environment.Where(JobMark.IsVariable)],
            FilterFd = sandboxes.EntryFilterFd,
            EntryFd = variables,
            IsConfined = true,
        };
        return error;
    }

    /// <summary>Handles the end of a job's last process.</summary>
    public void JobGone(TrackedAttempt attempt) => _ssh.Leave(attempt);

    private List<string> EnvironmentOf(AttemptId id, Launch launch, OpenTerminal open)
    {
        _ = environment.Fill(launch, id, profile: false);
        var variables = environment.Variables;
        if (open.Pty is { } pty)
        {
            variables.RemoveAll(v => v.StartsWith(TermVariable + "=", StringComparison.Ordinal));
            variables.Add($"{TermVariable}={(pty.Term.Length > 0 ? pty.Term : PlainTerm)}");
        }
        return variables;
    }

    /// <summary>The command prefix that takes root's capabilities from a terminal in a sandbox: the
    /// kernel gives all of them to root's programs. Empty where the sandbox has no setpriv. sshd
    /// needs some to become the user, even if that is root.</summary>
    private static IReadOnlyList<string> WithoutRights(
        Sandbox sandbox,
        Account? account,
        TerminalKind kind
    ) =>
        account is null
        && Libc.geteuid() == 0
        && SetPriv.FirstOrDefault(path => IsFileIn(sandbox, path)) is { } program
            ? kind is TerminalKind.Shell or TerminalKind.Command
                ? [program, "--bounding-set=-all", "--inh-caps=-all"]
                : [program, "--bounding-set=-all,+setuid,+setgid,+sys_chroot", "--inh-caps=-all"]
            : [];

    private static bool IsFileIn(Sandbox sandbox, string path) =>
        RootedPath.KindAt(sandbox.Root.Length > 0 ? sandbox.Root : "/", path, MachineFiles.Instance)
        == PathEntryKind.Other;

    private string? EnterSandbox(
        SandboxStart? sandboxStart,
        long now,
        out IReadOnlyList<string> prefix
    )
    {
        prefix = [];
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (_programs.Find("nsenter", path, "/", now) is not { } nsenter)
            return "nsenter (util-linux), which enters the job's sandbox, is not installed on this node";
        if (
            sandboxStart is null
            || NsenterCommand.Prefix(nsenter, sandboxStart.ReadNote().Pid) is not { } arguments
        )
            return "cannot enter the job's sandbox: its process has ended, or belongs to another user";
        prefix = arguments;
        return null;
    }

    private string UserShellIn(Sandbox? sandbox, string jobShell, Account? account)
    {
        var shell = account is null ? _userShell : Usable(account.LoginShell) ?? jobShell;
        return
            sandbox is not { Root.Length: > 0 }
            || RootedPath.KindAt(sandbox.Root, shell, MachineFiles.Instance) != PathEntryKind.None
            ? shell
            : jobShell;
    }

    private static string ShellOf(StartProcess order, string jobShell) =>
        order.Shell is "" or Protocol.Notation.CommandLine.NoShell ? jobShell : order.Shell;

    private static string UserShell() =>
        Usable(Environment.GetEnvironmentVariable(ShellVariable))
        ?? Usable(Libc.ShellOf(Libc.geteuid()))
        ?? Usable("/bin/bash")
        ?? Sh;

    private static string? Usable(string? shell) =>
        shell?.Length > 0 && Libc.access(shell, Libc.X_OK) == 0 ? shell : null;
}
