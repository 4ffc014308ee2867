using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The processes that the executor added to running jobs.</summary>
internal interface IGuests
{
    /// <summary>The first process of an attempt has started.</summary>
    void JobStarted(Attempt attempt, StartedJob job, long now);

    /// <summary>The job's first process has exited.</summary>
    void JobEnded(Attempt attempt, StartedJob job);

    /// <summary>The job has no live processes.</summary>
    void JobGone(Attempt attempt, StartedJob job);

    /// <summary>A child has exited; true: it was an added process.</summary>
    bool Ended(in ChildExit exit);

    /// <summary>The job of an added process; null: not an added process.</summary>
    Attempt? OwnerOf(int pid);

    /// <summary>Whether the job has added processes.</summary>
    bool Any(Attempt attempt);
}
