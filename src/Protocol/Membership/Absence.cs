namespace JobCloud.Protocol.Membership;

/// <summary>What the store last heard of a node.</summary>
/// <param name="Gone">It is put out: the store will not confirm it any more.</param>
/// <param name="Alone">No other member decided with it at its last word, so that its own sight may
/// count for long; or it has not said.</param>
/// <param name="Silent">Since its last word, by the store's clock.</param>
public sealed record NodeTrace(string Name, bool Gone, bool Alone, TimeSpan Silent);

/// <summary>
/// When nothing can live any more of a node that this cloud has never seen: all of it crashed, say,
/// and that machine did not come back. Cut off from the store it lives on only by the word of a
/// member of its old cloud, and no longer than <see cref="CertaintyLimits.WithoutStore"/>.
/// </summary>
public static class Absence
{
    /// <summary>Whether a node put out with it may live, cut off together with it. One that is not
    /// put out belongs to this cloud, or has left: its earlier session is dead.</summary>
    public static bool IsVouchedFor(
        string node,
        IReadOnlyList<NodeTrace> all,
        CertaintyLimits limits,
        TimeSpan deathTime
    ) =>
        all.Any(other =>
            other.Name != node && other.Gone && other.Silent < limits.WithoutStore + deathTime
        );

    /// <param name="trace">Null: the store has never heard of it, and has no word about it.</param>
    /// <param name="unvouched">For how long it has been no member while nobody could vouch for
    /// it.</param>
    /// <param name="deathTime">From its last certainty to the death of its last process.</param>
    public static bool IsSure(
        NodeTrace? trace,
        TimeSpan unvouched,
        CertaintyLimits limits,
        TimeSpan deathTime
    ) =>
        trace is { Gone: true }
        && (
            trace.Silent >= limits.WithoutStore + deathTime
            || (!trace.Alone && Shorter(trace.Silent, unvouched) >= limits.Detection + deathTime)
        );

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
