using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Whose the children of the executor are: first processes of jobs, guests in them, and
/// orphans. For the loop's thread.</summary>
internal sealed class ChildOwners(AttemptBook book, IGuests guests, Orphans orphans)
{
    /// <summary>Null: no job's.</summary>
    public Attempt? Of(int pid) =>
        book.TryGetByPid(pid, out var attempt)
            ? attempt
            : guests.OwnerOf(pid) ?? orphans.OwnerOf(pid);

    /// <summary>Whether a process is left of a job whose first one has ended.</summary>
    public bool AnyLeft(Attempt attempt) =>
        attempt.Living is { } job
        && (
            job.Cgroup is { } cgroup
                ? !cgroup.IsEmpty
                : Signals.IsGroupAlive(job.Pid) || guests.Any(attempt) || orphans.Any(attempt)
        );

    /// <summary>Finds the orphans whose owners are not known yet.</summary>
    public void Look(long now) => orphans.Look(now);
}
