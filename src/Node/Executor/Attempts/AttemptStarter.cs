using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Terminals;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Starts the first process of an attempt, or says why it cannot.</summary>
internal sealed class AttemptStarter(
    string home,
    ExecutorLimits limits,
    Spares spares,
    JobCgroups cgroups,
    Entrances entrances,
    PythonHook python,
    Profiles profiles
) : IDisposable
{
    private const string Bash = "/bin/bash";
    private const string Sh = "/bin/sh";
    private readonly Spawner _spawner = new();
    private readonly ProgramSearch _programs = new();
    private readonly Dictionary<string, string> _variables = [];
    private readonly List<string> _environment = [];
    private readonly int _ownNice = Libc.getpriority(Libc.PRIO_PROCESS, 0);
    private List<(string Name, string Value)> _inherited = [];
    private string _shell = ShellOf("");

    /// <summary>Takes over what the agent wants for all jobs.</summary>
    public void Follow(Hello hello)
    {
        _shell = ShellOf(hello.DefaultShell);
        _inherited = [];
        foreach (var name in hello.Inherit)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                _inherited.Add((name, value));
        }
    }

    /// <summary>Starts it. Afterwards it has a process, or <see cref="Attempt.NotStarted"/>.</summary>
    public void Start(Attempt attempt)
    {
        if (attempt.Order is not { } order)
            return;
        attempt.Order = null;
        attempt.StartedAt = Clock.WallUs();
        attempt.HasStdin = order.HasStdin;
        attempt.HasProfile = order.Profile;
        attempt.MaxRuntimeMs = order.MaxRuntimeMs;
        (attempt.Cores, attempt.MemoryBytes) = (order.Cores, order.MemoryBytes);
        attempt.HasFreshDirectory = order.WorkingDirectory.Length == 0;
        attempt.WorkingDirectory = attempt.HasFreshDirectory
            ? attempt.Paths.Directory
            : Entrances.Outside(order, order.WorkingDirectory, order.WorkingDirectory);
        attempt.ReturnFile = Entrances.Outside(
            order,
            order.ReturnFile,
            attempt.HasFreshDirectory ? attempt.Paths.Directory : order.WorkingDirectory
        );
        attempt.NotStarted =
            (attempt.HasFreshDirectory ? null : StartTrouble.OfDirectory(attempt.WorkingDirectory))
            ?? AttemptFiles.Prepare(attempt.Paths, order, spares)
            ?? Hold(attempt, order)
            ?? Spawn(attempt, order)
            ?? "";
        attempt.Anchor?.Started();
        order.ClearStdin();
        order.Files.Clear();
        attempt.Terms = order;
    }

    /// <summary>The variables that the processes of a living attempt find. Changed by the next call.
    /// </summary>
    public List<string> EnvironmentOf(Attempt attempt, StartProcess terms)
    {
        _ = FillEnvironment(attempt, terms, profile: false);
        return _environment;
    }

    /// <summary>The shell of jobs that name none, on the machine's root.</summary>
    public string DefaultShell => _shell;

    /// <summary>Starts a process in an attempt: in its cgroup, and as nice as jobs are.</summary>
    /// <param name="trouble">Why it could not be started, in a sentence without its stop.</param>
    public Spawned Spawn(Attempt attempt, SpawnRequest request, out string? trouble)
    {
        var program = request.Program;
        if (attempt.Cgroup is { } cgroup)
        {
            if (cgroup.Admit(program, request.Arguments, out var error) is not { } admitted)
            {
                cgroups.Leave();
                trouble =
                    error == 0
                        ? $"its cgroup {cgroup.Directory} cannot be entered"
                        : StartTrouble.OfSpawn(error, program);
                return new(0, error == 0 ? Libc.EPERM : error, 0, 0);
            }
            request = request with { Program = admitted.Program, Arguments = admitted.Arguments };
        }
        var spawned = _spawner.Spawn(request);
        if (attempt.Cgroup is not null)
            cgroups.Leave();
        trouble = spawned.Error == 0 ? null : StartTrouble.OfSpawn(spawned.Error, program);
        if (trouble is null)
            _ = Libc.setpriority(Libc.PRIO_PGRP, spawned.Pid, _ownNice + limits.NiceStep);
        return spawned;
    }

    public void Dispose() => _spawner.Dispose();

    /// <summary>A job that is there for its terminals runs what holds it.</summary>
    private static string? Hold(Attempt attempt, StartProcess order)
    {
        if (order.ShellJob is null)
            return null;
        (order.Command, order.Shell) = (Anchor.Command, "");
        attempt.Anchor = Anchor.Make();
        return attempt.Anchor is null ? "no pipe can be had that holds it" : null;
    }

    private string? Spawn(Attempt attempt, StartProcess order)
    {
        attempt.Cgroup = cgroups.Take(new(order.MemoryBytes, order.Cores), out var noCgroup);
        if (noCgroup is not null)
            return noCgroup;
        attempt.SpareStdout = spares.TakeFile();
        attempt.SpareStderr = spares.TakeFile();
        var path = FillEnvironment(attempt, order, order.Profile);
        if (Entrances.IsFor(order))
            return entrances.Prepare(attempt, order, _shell, out var words)
                ?? Spawn(attempt, order, words[0], words, out _);
        var now = Clock.NowMs();
        var program = "";
        bool IsProgram(string name)
        {
            program = _programs.Find(name, path, attempt.WorkingDirectory, now) ?? "";
            return program.Length > 0;
        }
        switch (CommandLine.For(order.Command, order.Shell, IsProgram))
        {
            case StartMode.Direct direct:
                var trouble = Spawn(attempt, order, program, direct.Argv, out var error);
                if (error == Libc.ENOENT)
                    _programs.Forget();
                // A script without a first line that names its interpreter: as execvp(3) does.
                return error != Libc.ENOEXEC
                    ? trouble
                    : Spawn(attempt, order, Sh, ["sh", program, .. direct.Argv.Skip(1)], out _);
            case StartMode.Shell { Path: var named, Text: var text }:
                var shell = named ?? _shell;
                return Spawn(attempt, order, shell, [shell, "-c", text], out _);
            case StartMode.CannotStart cannot:
                return cannot.Why;
            default:
                return "its command cannot be understood";
        }
    }

    private string? Spawn(
        Attempt attempt,
        StartProcess order,
        string program,
        IReadOnlyList<string> arguments,
        out int error
    )
    {
        (program, arguments) = profiles.Prepare(attempt, order.Command, program, arguments);
        var paths = attempt.Paths;
        attempt.Process = Spawn(
            attempt,
            new SpawnRequest(
                program,
                arguments,
                _environment,
                attempt.WorkingDirectory,
                attempt.HasStdin ? paths.Stdin : "/dev/null",
                attempt.SpareStdout ?? paths.Stdout,
                attempt.SpareStderr ?? paths.Stderr,
                KeepOutput: attempt.SpareStderr is not null,
                Note: attempt.Entrance?.NotePath,
                Channels: attempt.Anchor is { } anchor ? new(Stdin: anchor.Stdin) : null
            ),
            out var trouble
        );
        error = attempt.Process.Error;
        return trouble;
    }

    /// <summary>Lists the job's variables, each name once; returns its PATH.</summary>
    private string FillEnvironment(Attempt attempt, StartProcess order, bool profile)
    {
        _variables.Clear();
        foreach (var (name, value) in _inherited)
            _variables[name] = value;
        foreach (var variable in order.Environment)
            _variables[variable.Name] = variable.Value;
        if (order.EnvironmentDefinition is { Path.Count: > 0 } environment)
            _variables["PATH"] = EnvironmentPath.Before(
                environment.Path,
                _variables.GetValueOrDefault("PATH", "")
            );
        python.AddTo(_variables, attempt.Paths, profile);
        _variables[ProcessMark.VariableName] = ProcessMark.For(attempt.Id, home);
        _environment.Clear();
        foreach (var (name, value) in _variables)
            _environment.Add($"{name}={value}");
        return _variables.GetValueOrDefault("PATH", "");
    }

    private static string ShellOf(string wanted) =>
        wanted.Length > 0 ? wanted
        : Libc.access(Bash, Libc.X_OK) == 0 ? Bash
        : Sh;
}
