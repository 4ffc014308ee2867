namespace JobCloud.Protocol.Inbound;

/// <summary>The status of a member, with the numbers that it has in gossip.</summary>
public enum WireStatus
{
    Joining,
    Up,
    Leaving,
    Exiting,
    Down,
    Removed,
    WeaklyUp,
}
