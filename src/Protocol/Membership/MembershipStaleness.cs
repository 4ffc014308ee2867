namespace JobCloud.Protocol.Membership;

/// <summary>A member's view of its cluster.</summary>
/// <param name="IsMember">Whether it is a member, neither leaving nor removed.</param>
/// <param name="Others">The number of other voting members.</param>
/// <param name="Reachable">The number of those that are reachable.</param>
public readonly record struct MembershipView(bool IsMember, int Others, int Reachable)
{
    /// <summary>The view as recorded in the store. A node that became the only member counts as
    /// such only after it has recorded that, so that other nodes can compute when it is
    /// lost.</summary>
    public MembershipView AsStored(bool alone) =>
        Others == 0 && !alone ? this with { Others = 1 } : this;
}

/// <summary>Limits of a node's trust in its view of the cluster.</summary>
/// <param name="Detection">The longest time until it notices that others are lost.</param>
/// <param name="WithoutStore">How long its own view is valid without the store.</param>
public sealed record StalenessLimits(TimeSpan Detection, TimeSpan WithoutStore);

/// <summary>
/// Decides since when a node may have been removed from its cluster without noticing. The agent
/// renews the executor lease as of that time, never as of now.
/// </summary>
public static class MembershipStaleness
{
    /// <param name="sinceStore">Time since the request of the store's last confirmation that this
    /// node is a member.</param>
    /// <returns>The age; null: it is not a member, or the confirmation is too old.</returns>
    public static TimeSpan? Age(MembershipView sight, TimeSpan sinceStore, StalenessLimits limits)
    {
        if (!sight.IsMember)
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
