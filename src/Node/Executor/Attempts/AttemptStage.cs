using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>What there is of an attempt.</summary>
internal abstract record AttemptStage
{
    private AttemptStage() { }

    /// <summary>Its start was not tried yet.</summary>
    public sealed record Ordered(StartProcess Order) : AttemptStage;

    /// <summary>Its first process was started, and its end is not told yet.</summary>
    public sealed record Started(StartedJob Job) : AttemptStage;

    /// <summary>Its end is told, and waits to be accepted.</summary>
    public sealed record Over(ProcessEnded End) : AttemptStage;
}
