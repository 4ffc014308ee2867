using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The processes that the executor added to running jobs.</summary>
internal interface IAddedProcesses
{
    /// <summary>The first process of an attempt has started.</summary>
    void JobStarted(TrackedAttempt attempt, StartedJob job, long now);

    /// <summary>The job's first process has exited.</summary>
    void JobEnded(TrackedAttempt attempt, StartedJob job);

    /// <summary>The job has no live processes.</summary>
    void JobProcessesGone(TrackedAttempt attempt, StartedJob job);

    /// <summary>A child has exited; true: it was an added process.</summary>
    bool Ended(in ChildExit exit);

    /// <summary>The job of an added process; null: not an added process.</summary>
    TrackedAttempt? OwnerOf(int pid);

    /// <summary>Whether the job has added processes.</summary>
    bool Any(TrackedAttempt attempt);
}
