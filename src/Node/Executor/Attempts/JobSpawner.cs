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
    /// <param name="reason">The reason for a failure, as a sentence without its full stop.</param>
    public SpawnResult Spawn(JobCgroup? cgroup, SpawnRequest request, out string? reason)
    {
        var program = request.Program;
        if (cgroup is not null)
        {
            if (cgroup.PrepareSpawn(program, request.Arguments, out var error) is not { } admitted)
            {
                cgroups.Leave();
                reason =
                    error == 0
                        ? $"cannot enter the job's cgroup {cgroup.Directory}"
                        : StartErrors.ForSpawn(error, program);
                return new(0, error == 0 ? Libc.EPERM : error, 0, 0);
            }
            request = request with { Program = admitted.Program, Arguments = admitted.Arguments };
        }
        var spawned = _spawner.Spawn(request);
        if (cgroup is not null)
            cgroups.Leave();
        reason = spawned.Error == 0 ? null : StartErrors.ForSpawn(spawned.Error, program);
        if (reason is null)
            _ = Libc.setpriority(Libc.PRIO_PGRP, spawned.Pid, _ownNice + limits.NiceStep);
        return spawned;
    }

    public void Dispose() => _spawner.Dispose();
}
