namespace JobCloud.Protocol.Inbound;

/// <summary>
/// What gossip of a client may say of others. A client never decides about nodes, but it can be the
/// cluster's leader: then it completes what nodes began, a join or a leave. All else would be older
/// than what the receiver knows, or news that it must hear from a node.
/// </summary>
public static class ClientClaims
{
    /// <param name="own">The client, about which it may say anything.</param>
    /// <param name="said">The members of its gossip.</param>
    /// <param name="known">The members as the receiver knows them.</param>
    public static bool May(
        (string Address, uint Session) own,
        IReadOnlyDictionary<(string Address, uint Session), WireStatus> said,
        KnownMembers known
    )
    {
        foreach (var (member, status) in said)
            if (
                member != own
                && !(known.All.TryGetValue(member, out var here) && MayFollow(here.Status, status))
            )
                return false;
        foreach (var (member, here) in known.All)
            if (member != own && !said.ContainsKey(member) && !IsEnding(here.Status))
                return false;
        return true;
    }

    /// <summary>Whether the leader may set this status where the receiver knows
    /// another.</summary>
    private static bool MayFollow(WireStatus here, WireStatus said) =>
        said == here
        || (here, said)
            is
                (WireStatus.Joining, WireStatus.WeaklyUp or WireStatus.Up)
                or
                (WireStatus.WeaklyUp, WireStatus.Up)
                or
                (WireStatus.Leaving, WireStatus.Exiting);

    /// <summary>Whether the leader may remove a member of this status.</summary>
    private static bool IsEnding(WireStatus here) => here is WireStatus.Exiting or WireStatus.Down;
}
