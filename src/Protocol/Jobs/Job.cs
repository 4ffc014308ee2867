using System.Collections.Immutable;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>The state of a job: immutable, replaced only by <see cref="Segment.Apply"/>.</summary>
public sealed record Job(Jid Jid, Slice Slice, JobPhase Phase)
{
    /// <summary>The number of the newest attempt, which rejects late reports; 0: none
    /// yet.</summary>
    public int Attempt { get; init; }

    /// <summary>Retries after failures by exit code or signal.</summary>
    public int Retries { get; init; }

    /// <summary>Attempts lost with their node.</summary>
    public int Restarts { get; init; }

    /// <summary>Unplanned losses, which count towards the crash limit.</summary>
    public int Crashes { get; init; }

    /// <summary>The priority set by a user after submission; null: unchanged.</summary>
    public int? ChangedPriority { get; init; }

    /// <summary>The instant when it last became runnable; 0: never.</summary>
    public long Queued { get; init; }

    /// <summary>Ended attempts before the newest one.</summary>
    public ImmutableList<AttemptRecord> Past { get; init; } = [];

    /// <summary>Ids of the newest attempt's open terminals.</summary>
    public ImmutableList<string> Terminals { get; init; } = [];

    /// <summary>Grows with each change.</summary>
    public int Version { get; init; }

    public Status Status => Phase.Status;
    public bool IsDeleted => Phase is JobPhase.Deleted;

    /// <summary>How its data was removed, if it was.</summary>
    public Removal Removal => Phase is JobPhase.Deleted deleted ? deleted.How : Removal.Deleted;

    /// <summary>The user who purged it; empty: that is not known.</summary>
    public string Remover => Phase is JobPhase.Deleted deleted ? deleted.By : "";
    public int Priority => ChangedPriority ?? Slice.Spec.Priority;

    /// <summary>The node of the active attempt; null: none is active.</summary>
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
