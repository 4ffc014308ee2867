using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Who records what happens to attempts and tells the agent.</summary>
internal interface IAttemptListener
{
    /// <summary>Its first process is there: record it before anybody is told.</summary>
    void Spawned(Attempt attempt);

    void Announced(Attempt attempt);

    void Ended(Attempt attempt, ProcessEnded end);

    /// <summary>The agent asked for the start of an attempt that is known.</summary>
    void ToldAgain(Attempt attempt);

    /// <summary>A child that is no attempt's first process ended; true: it was no job's.</summary>
    bool OtherEnded(in ChildExit exit);
}
