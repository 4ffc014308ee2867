namespace JobCloud.Protocol.Membership;

/// <summary>The store's state of a node that the cluster has removed.</summary>
/// <param name="Removed">Whether it is removed: the store no longer confirms it.</param>
/// <param name="Silent">Time since the store last confirmed it.</param>
public sealed record RemovedNodeState(bool Removed, TimeSpan Silent);

/// <summary>Decides when a node that the cluster has removed cannot have live processes.</summary>
public static class RemovedNodeLoss
{
    /// <param name="sinceRemoved">Time since the cluster removed it.</param>
    /// <param name="word">Null: the store does not know the node.</param>
    /// <param name="hold">How long its own view may outlast its removal.</param>
    /// <param name="deathTime">Time from its last confirmed membership to the end of its last
    /// process.</param>
    public static bool IsLost(
        TimeSpan sinceRemoved,
        RemovedNodeState? word,
        TimeSpan hold,
        TimeSpan deathTime
    ) => sinceRemoved >= hold && (word is null || (word.Removed && word.Silent >= deathTime));
}
