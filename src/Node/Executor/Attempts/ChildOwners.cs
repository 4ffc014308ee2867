using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds the owners of the executor's children: first processes of jobs, processes added
/// to jobs, and orphans. Used only on the event-loop thread.</summary>
internal sealed class ChildOwners(
    AttemptRegistry registry,
    IAddedProcesses addedProcesses,
    Orphans orphans
)
{
    /// <summary>Returns the owner of a child; null: it belongs to no job.</summary>
    public TrackedAttempt? OwnerOf(int pid) =>
        registry.TryGetByPid(pid, out var attempt)
            ? attempt
            : addedProcesses.OwnerOf(pid) ?? orphans.OwnerOf(pid);

    /// <summary>Whether a job whose first process has exited still has processes.</summary>
    public bool AnyLeft(TrackedAttempt attempt) =>
        attempt.LiveJob is { } job
        && (
            job.Cgroup is { } cgroup
                ? !cgroup.IsEmpty
                : ProcessSignals.IsGroupAlive(job.Pid)
                    || addedProcesses.Any(attempt)
                    || orphans.Any(attempt)
        );

    /// <summary>Looks for the owners of orphans whose owner is unknown.</summary>
    public void FindOwners(long now) => orphans.FindOwners(now);
}
