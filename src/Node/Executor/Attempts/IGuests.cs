using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Those who start processes in jobs that are there already, and know these processes as
/// theirs.</summary>
internal interface IGuests
{
    /// <summary>The first process of an attempt was started.</summary>
    void JobStarted(Attempt attempt, StartedJob job, long now);

    /// <summary>The job's first process has ended.</summary>
    void JobEnded(Attempt attempt, StartedJob job);

    /// <summary>Nothing of the job lives any more.</summary>
    void JobGone(Attempt attempt, StartedJob job);

    /// <summary>A child has ended; true: it was a guest.</summary>
    bool Ended(in ChildExit exit);

    /// <summary>Whose process this is; null: no guest's.</summary>
    Attempt? OwnerOf(int pid);

    /// <summary>Whether a guest is in this job.</summary>
    bool Any(Attempt attempt);
}
