using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Who records what happens to attempts and tells the agent.</summary>
internal interface IAttemptListener
{
    /// <summary>Its first process is there: record it before anybody is told.</summary>
    void Spawned(Attempt attempt, StartedJob job, long now);

    void Announced(Attempt attempt, StartedJob job);

    /// <param name="job">Null: it was never started.</param>
    void Ended(Attempt attempt, StartedJob? job, ProcessEnded end, long now);

    /// <summary>The agent asked for the start of an attempt that is known.</summary>
    void ToldAgain(Attempt attempt);
}
