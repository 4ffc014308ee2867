namespace JobCloud.Protocol.Membership;

/// <summary>A node's row in the store.</summary>
/// <param name="Address">The address of its actor system.</param>
/// <param name="Session">The session of its process; each start has a new one.</param>
/// <param name="Member">Whether it was a member at its last heartbeat and is not removed.</param>
/// <param name="Silent">Time since its last heartbeat, by the store's clock.</param>
public sealed record StoredNode(
    string Name,
    string Address,
    int Session,
    bool Member,
    TimeSpan Silent
);
