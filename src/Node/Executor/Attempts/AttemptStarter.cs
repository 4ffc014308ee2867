using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Starts the first process of an attempt, or returns the reason for a failure. Used only
/// on the event-loop thread.</summary>
internal sealed class AttemptStarter(
    ExecutionSettings settings,
    JobAccounts accounts,
    FilePool filePool,
    JobCgroups cgroups,
    SandboxStarts sandboxStarts,
    Profiles profiles,
    JobEnvironment environment,
    JobSpawner spawner
) : IAttemptStarter
{
    private const string Sh = "/bin/sh";
    private readonly ProgramSearch _programs = new();

    public StartedJob? Start(
        TrackedAttempt attempt,
        StartProcess order,
        Moment now,
        out StartError? trouble
    )
    {
        // Checked first: the path on the machine exists only for an absolute path.
        if (StartErrors.ForPath(order.WorkingDirectory) is { } unusable)
        {
            trouble = unusable;
            return null;
        }
        var launch = Plan(attempt, order, now);
        SpawnResult process = default;
        try
        {
            trouble = Start(attempt, ref launch, now.Ms, out process);
        }
        catch (Exception e)
        {
            trouble = StartErrors.ForException(e);
        }
        launch.ShellJobPipe?.CloseReadEnd();
        AttemptFiles.ForgetSent(order);
        if (trouble is null)
        {
            var job = new StartedJob(launch, process);
            BeginProfile(job, now.Ms);
            return job;
        }
        Undo(launch, now.Ms);
        return null;
    }

    private StartError? Start(
        TrackedAttempt attempt,
        ref Launch launch,
        long now,
        out SpawnResult process
    )
    {
        process = default;
        return FindAccount(ref launch, now)
            ?? CheckDirectory(launch)
            ?? AttemptFiles.Prepare(attempt.Paths, launch.Order, launch.Account, filePool, now)
            ?? PrepareShellJob(ref launch)
            ?? TakeCgroup(ref launch, now)
            ?? Spawn(attempt, ref launch, now, out process);
    }

    private void BeginProfile(StartedJob job, long now)
    {
        try
        {
            if (job.Launch.Profile is { } profile)
                profiles.Started(profile, job.Pid, now);
        }
        catch (Exception e)
        {
            job.Fault = StartErrors.ForException(e);
        }
    }

    private StartError? FindAccount(ref Launch launch, long now)
    {
        if (accounts.Find(launch.Order, now, out var account) is { } reason)
            return reason;
        if (account is not null)
            launch = launch with { Account = account };
        return null;
    }

    private static StartError? CheckDirectory(Launch launch)
    {
        if (launch.UsesOwnDirectory)
            return null;
        var directory = launch.WorkingDirectory;
        // An empty one is reused when its attempt ends.
        var attempts = launch.Paths.Folder[..launch.Paths.Folder.LastIndexOf('/')];
        return DefinitionCheck.IsWithin(directory, attempts)
            ? StartErrors.ForOwnDirectory(directory)
            : StartErrors.ForDirectory(
                launch.DirectoryInside,
                directory,
                launch.Account,
                JobAccounts.NodeOf(launch.Order)
            );
    }

    private Launch Plan(TrackedAttempt attempt, StartProcess order, Moment at)
    {
        var given = order.WorkingDirectory;
        var directory =
            given.Length == 0 ? attempt.Paths.Directory
            : SandboxStarts.HasSandbox(order) ? sandboxStarts.DirectoryOf(order, attempt.Paths)
            : given;
        return new(attempt.Paths, order, directory, at);
    }

    /// <summary>A shell job runs the command that keeps it open.</summary>
    private static StartError? PrepareShellJob(ref Launch launch)
    {
        var order = launch.Order;
        if (order.ShellJob is null)
            return null;
        (order.Command, order.Argv, order.Shell) = (ShellJobPipe.Command, false, "");
        launch = launch with { ShellJobPipe = ShellJobPipe.Make() };
        return launch.ShellJobPipe is null
            ? StartErrors.ForFile(Libc.Errno, "the pipe that keeps a shell job open")
            : null;
    }

    private StartError? TakeCgroup(ref Launch launch, long now)
    {
        var (memory, cores) = (launch.Order.MemoryBytes, launch.Order.Cores);
        var cgroup = cgroups.Take(memory, cores, out var error);
        if (error != 0)
            return new(CgroupFolder.JobCreationError(error), StartErrors.IsPassing(error));
        launch = launch with
        {
            Cgroup = cgroup,
            Output = launch.Account is null
                ? new(launch.Paths, filePool.TakeFile(now), filePool.TakeFile(now))
                : new(launch.Paths),
        };
        return null;
    }

    private StartError? Spawn(
        TrackedAttempt attempt,
        ref Launch launch,
        long now,
        out SpawnResult process
    )
    {
        process = default;
        var order = launch.Order;
        var path = environment.Fill(launch, attempt.Id, order.Profile);
        if (SandboxStarts.IsFor(order))
        {
            var entry = sandboxStarts.Prepare(
                attempt.Id,
                attempt.Paths,
                order,
                settings.Shell,
                launch.Account,
                out var sandboxStart,
                out var reason
            );
            launch = launch with { SandboxStart = sandboxStart };
            return reason is null ? Spawn(ref launch, entry[0], entry, now, out process) : reason;
        }
        var (directory, account, program) = (launch.WorkingDirectory, launch.Account, "");
        var asked = "";
        bool IsProgram(string name)
        {
            asked = name;
            program = _programs.Find(name, path, directory, now, account) ?? "";
            return program.Length > 0;
        }
        switch (CommandLine.For(order.Command, order.Argv, order.Shell, IsProgram))
        {
            case StartMode.Direct direct:
                var failure = Spawn(ref launch, program, direct.Argv, now, out process);
                if (process.Error == Libc.ENOENT)
                    _programs.Forget();
                // A script without a line that names its interpreter runs in sh, as in execvp(3).
                return process.Error != Libc.ENOEXEC
                    ? failure
                    : Spawn(
                        ref launch,
                        Sh,
                        ["sh", program, .. direct.Argv.Skip(1)],
                        now,
                        out process
                    );
            case StartMode.Shell { Path: var named, Text: var text }:
                var shell = named ?? settings.Shell;
                return Spawn(ref launch, shell, [shell, "-c", text], now, out process);
            case StartMode.CannotStart cannot:
                var obstacle =
                    asked.Length == 0
                        ? null
                        : ProgramSearch.Obstacle(asked, path, directory, account);
                return obstacle ?? cannot.Why;
            default:
                return "the command cannot be parsed";
        }
    }

    private StartError? Spawn(
        ref Launch launch,
        string program,
        IReadOnlyList<string> arguments,
        long now,
        out SpawnResult process
    )
    {
        if (launch.Order.Profile)
            launch = launch with
            {
                Profile = profiles.Prepare(
                    launch.Paths,
                    launch.WorkingDirectory,
                    launch.SandboxStart is { InSandbox: true },
                    launch.Account,
                    launch.Order.Command,
                    now,
                    ref program,
                    ref arguments
                ),
            };
        process = default;
        var request = new SpawnRequest(
            program,
            arguments,
            environment.Variables,
            launch.WorkingDirectory,
            launch.HasStdin ? launch.Paths.Stdin : "/dev/null",
            launch.Output.Stdout,
            launch.Output.Stderr,
            KeepOutput: launch.Output.AreFromPool,
            Note: launch.SandboxStart?.NotePath,
            ReportsFailure: true,
            Channels: launch.ShellJobPipe is { } shellJobPipe
                ? new(Stdin: shellJobPipe.Stdin)
                : null
        );
        if (sandboxStarts.Enclose(launch.SandboxStart, ref request) is var error and not 0)
            return StartErrors.ForFile(error, "the job's variables");
        process = spawner.Spawn(launch.Cgroup, launch.Account, request, out var trouble);
        if (request.ArgumentsFd > 0)
            _ = Libc.close(request.ArgumentsFd);
        return trouble;
    }

    /// <summary>Releases the resources of an attempt that could not be started.</summary>
    private void Undo(Launch launch, long now)
    {
        launch.ShellJobPipe?.Dispose();
        if (launch.Cgroup is { } cgroup)
            cgroups.Return(cgroup, cgroup.Read());
        if (launch.SandboxStart is { } sandboxStart)
            _ = sandboxStarts.Finish(sandboxStart);
        _ = launch.Output.Close(filePool, now);
    }
}
