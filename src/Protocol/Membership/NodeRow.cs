namespace JobCloud.Protocol.Membership;

/// <summary>What the store says of a node.</summary>
/// <param name="Address">Of its actor system.</param>
/// <param name="Session">Of its process: a node started anew has another.</param>
/// <param name="Member">It was a member when it last said something, and has not been put
/// out.</param>
/// <param name="Silent">Since it last said something, by the store's clock.</param>
public sealed record NodeRow(
    string Name,
    string Address,
    int Session,
    bool Member,
    TimeSpan Silent
);
