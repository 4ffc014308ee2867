using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Records the changes of attempts and reports them to the agent.</summary>
internal interface IAttemptListener
{
    /// <summary>The first process has started. The listener records it before anything is
    /// announced.</summary>
    void Spawned(TrackedAttempt attempt, StartedJob job, long now);

    void Announced(TrackedAttempt attempt, StartedJob job);

    /// <param name="job">Null: the attempt never started.</param>
    void Ended(TrackedAttempt attempt, StartedJob? job, ProcessEnded end, long now);

    /// <summary>Its processes have outlived SIGKILL for long; repeated until they
    /// end.</summary>
    void Outlived(TrackedAttempt attempt, StartedJob job);

    /// <summary>The agent ordered the start of a known attempt again.</summary>
    void StartRepeated(TrackedAttempt attempt);
}
