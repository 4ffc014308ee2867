namespace JobCloud.Protocol.Membership;

/// <summary>What a member sees of its cluster.</summary>
/// <param name="CountedIn">It is a member, and neither leaves nor was put out.</param>
/// <param name="Others">Other members that decide with it.</param>
/// <param name="Reachable">Those of them that answer.</param>
public readonly record struct ClusterSight(bool CountedIn, int Others, int Reachable)
{
    /// <summary>As far as the store knows: one that has become the only member counts itself so
    /// once it has told the store, where those find it who must know when it is dead.</summary>
    public ClusterSight AsTold(bool alone) =>
        Others == 0 && !alone ? this with { Others = 1 } : this;
}

/// <summary>How far a node may trust what it sees.</summary>
/// <param name="Detection">The longest that others can be gone without it having noticed.</param>
/// <param name="WithoutStore">How long its own sight counts while the store is silent.</param>
public sealed record CertaintyLimits(TimeSpan Detection, TimeSpan WithoutStore);

/// <summary>
/// Since when a node may be out of its cloud without knowing it: its executor's lease is renewed as
/// of then, never as of now.
/// </summary>
public static class Certainty
{
    /// <param name="sinceStore">Since the last word of the store that this node is counted in was
    /// asked for.</param>
    /// <returns>Null: it is out, or has no word worth having.</returns>
    public static TimeSpan? Age(ClusterSight sight, TimeSpan sinceStore, CertaintyLimits limits)
    {
        if (!sight.CountedIn)
            return null;
        if (sinceStore > limits.WithoutStore)
            return null;
        var own =
            sight.Others == 0 ? TimeSpan.Zero
            : sight.Reachable > 0 ? limits.Detection
            : sinceStore;
        return own < sinceStore ? own : sinceStore;
    }
}
