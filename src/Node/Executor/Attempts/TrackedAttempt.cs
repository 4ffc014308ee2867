using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>An attempt that the executor runs: its decided phase and its current resources. Owned
/// by the event-loop thread.</summary>
internal sealed class TrackedAttempt(
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

    /// <summary>The started job, from the start of its first process until its end is reported;
    /// otherwise null.</summary>
    public StartedJob? Job => (Stage as AttemptStage.Started)?.Job;

    /// <summary>The started job while it may have live processes; otherwise null.</summary>
    public StartedJob? LiveJob => Phase is AttemptPhase.Ended ? null : Job;

    /// <summary>The end report until the agent acknowledges it; otherwise null.</summary>
    public ProcessEnded? End => (Stage as AttemptStage.EndReported)?.End;
}
