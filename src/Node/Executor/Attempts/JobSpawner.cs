using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Starts processes of jobs in the job's cgroup and with the nice value of jobs. Used only
/// on the event-loop thread.</summary>
internal sealed class JobSpawner(ExecutorLimits limits, JobCgroups cgroups) : IDisposable
{
    private readonly Spawner _spawner = new();
    private readonly int _ownNice = Libc.getpriority(Libc.PRIO_PROCESS, 0);

    /// <param name="cgroup">Null: the job has no cgroup.</param>
    /// <param name="account">Null: the executor's own.</param>
    /// <param name="trouble">The reason for a failure.</param>
    public SpawnResult Spawn(
        JobCgroup? cgroup,
        Account? account,
        SpawnRequest request,
        out StartError? trouble
    )
    {
        if (account is null && !request.IsConfined)
            return Spawn(cgroup, request.Program, request, out trouble);
        trouble = ByAnother(account, ref request, out var program, out var failure);
        if (trouble is not null)
            return new(0, Libc.EPERM, 0, 0);
        var spawned = Spawn(cgroup, program, request, out trouble);
        _ = Libc.close(request.DirectoryFd);
        _ = Libc.close(request.VariablesFd);
        if (request.FailureFd > 0)
            _ = Libc.close(request.FailureFd);
        if (spawned.Error == 0)
            return spawned with { Failure = failure };
        _ = failure?.Take();
        return spawned;
    }

    /// <summary>Changes a request so that another program starts it as an account, after the checks
    /// that the kernel would else make with the executor's rights.</summary>
    /// <param name="account">Null: the executor's own.</param>
    /// <param name="program">The program, for messages.</param>
    private static StartError? ByAnother(
        Account? account,
        ref SpawnRequest request,
        out string program,
        out StartFailure? failure
    )
    {
        failure = null;
        var flags = Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC;
        program = request.Program;
        var directory = request.Directory;
        int fd,
            error;
        using (new FileRights(account))
        {
            fd = Libc.open($"{directory}/.", flags, 0);
            fd = fd >= 0 ? Libc.MoveUp(fd) : fd;
            error = fd >= 0 ? 0 : Libc.Errno;
            if (fd >= 0 && !Libc.MayAccess(Path.Combine(directory, program), Libc.X_OK))
                error = Libc.Errno;
        }
        if (fd < 0 && StartErrors.IsPassing(error))
            return StartErrors.ForFile(error, "the job's directory");
        if (fd < 0)
            return $"no permission to enter working directory {directory}";
        if (error != 0)
        {
            _ = Libc.close(fd);
            return StartErrors.ForSpawn(error, program);
        }
        error = AccountStart.Prepare(account, ref request, out failure);
        if (error != 0)
        {
            _ = Libc.close(fd);
            return StartErrors.ForFile(error, "the job's variables");
        }
        request = request with { DirectoryFd = fd };
        return null;
    }

    /// <param name="program">The program, for messages.</param>
    private SpawnResult Spawn(
        JobCgroup? cgroup,
        string program,
        SpawnRequest request,
        out StartError? trouble
    )
    {
        var limitsMemory = cgroup is { Limits.MemoryBytes: > 0 };
        if (cgroup is not null)
        {
            if (
                cgroup.PrepareSpawn(request.Program, request.Arguments, out var error)
                is not { } admitted
            )
            {
                cgroups.Leave();
                trouble =
                    error == 0
                        ? $"cannot enter the job's cgroup {cgroup.Directory}"
                        : StartErrors.ForSpawn(error, program, limitsMemory);
                return new(0, error == 0 ? Libc.EPERM : error, 0, 0);
            }
            request = request with { Program = admitted.Program, Arguments = admitted.Arguments };
        }
        SpawnResult spawned;
        try
        {
            spawned = _spawner.Spawn(request);
        }
        finally
        {
            if (cgroup is not null)
                cgroups.Leave();
        }
        trouble =
            spawned.Error == 0 ? null : StartErrors.ForSpawn(spawned.Error, program, limitsMemory);
        if (trouble is null)
            _ = Libc.setpriority(Libc.PRIO_PGRP, spawned.Pid, _ownNice + limits.NiceStep);
        return spawned;
    }

    public void Dispose() => _spawner.Dispose();
}
