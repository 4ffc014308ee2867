using System.Collections.Immutable;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Jobs;

/// <summary>One job: immutable, moved only by <see cref="Segment.Apply"/>.</summary>
public sealed record Job(long Jid, Submission Submission, JobPhase Phase)
{
    /// <summary>The number of the newest attempt, the fence against late reports; 0: none
    /// yet.</summary>
    public int Attempt { get; init; }

    /// <summary>Exit failures that were tried again.</summary>
    public int Retries { get; init; }

    /// <summary>Attempts lost with their node.</summary>
    public int Restarts { get; init; }

    /// <summary>Losses that were not planned, counted towards the crash limit.</summary>
    public int Crashes { get; init; }

    /// <summary>Set when a user changed it after submission.</summary>
    public int? ChangedPriority { get; init; }

    /// <summary>Instant at which it last became runnable; 0: never.</summary>
    public long Queued { get; init; }

    /// <summary>Attempts before the newest one that have ended.</summary>
    public ImmutableList<AttemptRecord> Past { get; init; } = [];

    /// <summary>Ids of the terminals of the newest attempt that were opened and have not
    /// ended.</summary>
    public ImmutableList<string> Terminals { get; init; } = [];

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; }

    public Status Status => Phase.Status;
    public bool IsDeleted => Phase is JobPhase.Deleted;
    public int Priority => ChangedPriority ?? Submission.Spec.Priority;

    /// <summary>The node that has the newest attempt, while it has it.</summary>
    public string? ActiveNode =>
        Phase switch
        {
            JobPhase.Assigned a => a.Node,
            JobPhase.Processing p => p.Node,
            _ => null,
        };

    public KillOrder? Kill =>
        Phase switch
        {
            JobPhase.Assigned a => a.Kill,
            JobPhase.Processing p => p.Kill,
            _ => null,
        };
}
