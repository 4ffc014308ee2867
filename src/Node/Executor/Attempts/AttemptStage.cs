using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The stage of an attempt, with the data that exists in it.</summary>
internal abstract record AttemptStage
{
    private AttemptStage() { }

    /// <summary>The start was not tried yet.</summary>
    public sealed record Ordered(StartProcess Order) : AttemptStage;

    /// <summary>The first process was started; the end is not reported yet.</summary>
    public sealed record Started(StartedJob Job) : AttemptStage;

    /// <summary>The end was reported and waits for the agent's acknowledgement.</summary>
    public sealed record EndReported(ProcessEnded End) : AttemptStage;
}
