using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finishes attempts that have no live processes.</summary>
internal interface IAttemptFinisher
{
    /// <summary>Builds the end of an attempt that never had a process, and removes its
    /// files.</summary>
    ProcessEnded EndOfUnstarted(TrackedAttempt attempt, Moment now);

    /// <summary>Keeps the files of an attempt and builds its end.</summary>
    /// <param name="finished">Called on the event-loop thread with the time in ms, at once or after
    /// slow work is done.</param>
    void Finish(
        TrackedAttempt attempt,
        StartedJob job,
        Moment now,
        Action<ProcessEnded, long> finished
    );
}
