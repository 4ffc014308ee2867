using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>One attempt: what is decided of it, and what there is of it. Owned by the loop's
/// thread.</summary>
internal sealed class Attempt(
    AttemptId id,
    AttemptPaths paths,
    AttemptPhase phase,
    AttemptStage stage
)
{
    public AttemptId Id { get; } = id;
    public AttemptPaths Paths { get; } = paths;
    public AttemptPhase Phase { get; set; } = phase;
    public AttemptStage Stage { get; set; } = stage;

    /// <summary>From the start of its first process until its end is told; else null.</summary>
    public StartedJob? Job => (Stage as AttemptStage.Started)?.Job;

    /// <summary>While processes of it may live; else null.</summary>
    public StartedJob? Living => Phase is AttemptPhase.Ended ? null : Job;

    /// <summary>How it ended, until the end is accepted; else null.</summary>
    public ProcessEnded? End => (Stage as AttemptStage.Over)?.End;
}
