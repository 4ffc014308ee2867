using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>The decisions of one round, already applied to the ledger.</summary>
public sealed record Plan
{
    /// <summary>Assignments, most urgent first: consecutive jids of one segment to a
    /// node.</summary>
    public required IReadOnlyList<Assignment> Assignments { get; init; }

    /// <summary>Reasons why the remaining queued jobs wait, by shape.</summary>
    public required IReadOnlyList<Hold> Holds { get; init; }

    /// <summary>Notices about changed nodes for the segments with attempts there; send them
    /// first.</summary>
    public required IReadOnlyList<SegmentNotice> Notices { get; init; }

    /// <summary>Kills of the rest of maps that reached their max fails, by segment.</summary>
    public required IReadOnlyList<MapKill> Kills { get; init; }

    /// <summary>Attempts to take back from their nodes, if they have not started; one entry a
    /// node.</summary>
    public required IReadOnlyList<Recall> Recalls { get; init; }

    /// <summary>Segments to ask for a full update.</summary>
    public required IReadOnlyList<long> SegmentsToAsk { get; init; }

    /// <summary>The instant (µs) of the next round if nothing changes before; null: none.</summary>
    public long? NextRoundAt { get; init; }
}

/// <summary>The reason why jobs of a shape stay queued.</summary>
public readonly record struct Hold(Shape Shape, HoldReason Reason);

public enum HoldReason
{
    /// <summary>No node can take one now.</summary>
    NoRoom,

    /// <summary>Its map has reached its max parallel.</summary>
    MaxParallel,

    /// <summary>Its map has reached its max fails and is being killed.</summary>
    MaxFails,
}

public readonly record struct SegmentNotice(long Segment, NodeChanged Changed);

/// <summary>Jobs whose attempts a node should hand back.</summary>
public sealed record Recall(string Node, IReadOnlyList<JidRange> Jobs);

/// <summary>The jobs to kill of a map in one segment.</summary>
public sealed record MapKill(
    long Segment,
    long SubmissionFirst,
    int MaxFails,
    IReadOnlyList<JidRange> Jobs
);
