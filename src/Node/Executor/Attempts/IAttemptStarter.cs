using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Starts the first process of an attempt.</summary>
internal interface IAttemptStarter
{
    /// <summary>Starts the attempt; returns null if it cannot be started.</summary>
    /// <param name="trouble">The reason if it cannot.</param>
    StartedJob? Start(
        TrackedAttempt attempt,
        StartProcess order,
        Moment now,
        out StartError? trouble
    );
}
