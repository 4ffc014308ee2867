using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>What one round decided; the ledger already counts it as done.</summary>
public sealed record Plan
{
    /// <summary>Most urgent first; consecutive jids of one segment to one node.</summary>
    public required IReadOnlyList<Assignment> Assignments { get; init; }

    /// <summary>Why the shapes that still have queued jobs get nothing more.</summary>
    public required IReadOnlyList<Hold> Holds { get; init; }

    /// <summary>Nodes changed, for the segments that have attempts there; to be sent
    /// first.</summary>
    public required IReadOnlyList<SegmentNotice> Notices { get; init; }

    /// <summary>Maps over their limit of failures: the rest of each, by segment.</summary>
    public required IReadOnlyList<MapKill> Kills { get; init; }

    /// <summary>Segments to be asked for all they have.</summary>
    public required IReadOnlyList<long> Ask { get; init; }

    /// <summary>The instant (µs) at which a round may decide more though nothing was told; null:
    /// none.</summary>
    public long? LookAgainAt { get; init; }
}

/// <summary>Jobs of a shape stay queued.</summary>
public readonly record struct Hold(Shape Shape, HoldReason Reason);

public enum HoldReason
{
    /// <summary>No node takes one now.</summary>
    NoRoom,

    /// <summary>As many of its map run as may at once.</summary>
    MaxParallel,

    /// <summary>Its map has failed too often and is being killed.</summary>
    MaxFails,
}

public readonly record struct SegmentNotice(long Segment, NodeChanged Changed);

/// <summary>Unfinished jobs of a condemned map in one segment.</summary>
public sealed record MapKill(
    long Segment,
    long SubmissionFirst,
    int MaxFails,
    IReadOnlyList<JidRange> Jobs
);
