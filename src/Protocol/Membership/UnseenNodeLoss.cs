namespace JobCloud.Protocol.Membership;

/// <summary>The store's last state of a node.</summary>
/// <param name="Removed">Whether it is removed: the store no longer confirms it.</param>
/// <param name="Alone">Whether it was the only voting member at its last heartbeat, so that its own
/// view may hold for long, or never reported that.</param>
/// <param name="Silent">Time since its last heartbeat, by the store's clock.</param>
public sealed record StoredNodeState(string Name, bool Removed, bool Alone, TimeSpan Silent);

/// <summary>
/// Decides when a node that this cluster has never seen cannot have live processes any more, for
/// example after all nodes crashed and its machine did not come back. Without the store, its
/// executor lease is renewed only while it reaches a member of its old cluster, and at most for
/// <see cref="StalenessLimits.WithoutStore"/>.
/// </summary>
public static class UnseenNodeLoss
{
    /// <summary>Whether another removed node may be alive, in the same partition. A node that is
    /// not removed belongs to this cluster or has left it: its earlier session has ended.</summary>
    public static bool IsVouchedFor(
        string node,
        IReadOnlyList<StoredNodeState> all,
        StalenessLimits limits,
        TimeSpan deathTime
    ) =>
        all.Any(other =>
            other.Name != node && other.Removed && other.Silent < limits.WithoutStore + deathTime
        );

    /// <param name="trace">Null: the store does not know the node.</param>
    /// <param name="unvouched">How long it has not been a member while no other node could vouch
    /// for it.</param>
    /// <param name="deathTime">Time from its last confirmed membership to the end of its last
    /// process.</param>
    public static bool IsLost(
        StoredNodeState? trace,
        TimeSpan unvouched,
        StalenessLimits limits,
        TimeSpan deathTime
    ) =>
        trace is { Removed: true }
        && (
            trace.Silent >= limits.WithoutStore + deathTime
            || (!trace.Alone && Shorter(trace.Silent, unvouched) >= limits.Detection + deathTime)
        );

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
