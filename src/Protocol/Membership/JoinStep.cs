namespace JobCloud.Protocol.Membership;

/// <summary>The next step of a node that is not a member yet.</summary>
public abstract record JoinStep
{
    private JoinStep() { }

    /// <summary>Ask these nodes to join their cluster.</summary>
    public sealed record Ask(IReadOnlyList<string> Addresses) : JoinStep;

    /// <summary>Form the cluster, if the store lets this node be the one.</summary>
    public sealed record Form : JoinStep;

    /// <param name="others">All nodes of the store except this one.</param>
    /// <param name="seeds">Addresses from the settings.</param>
    /// <param name="self">Its own address.</param>
    /// <param name="watched">How long the store has been answering queries.</param>
    /// <param name="formAfter">Members silent for this long, while watched, are lost or
    /// removed.</param>
    /// <remarks>
    /// The time since a member's last heartbeat is not enough: the store itself may have been
    /// unreachable. Seeds count only until then, as seeds that wait for each other wait forever.
    /// </remarks>
    public static JoinStep Next(
        IReadOnlyList<StoredNode> others,
        IReadOnlyList<string> seeds,
        string self,
        TimeSpan watched,
        TimeSpan formAfter
    )
    {
        var members = others.Where(static node => node.Member).ToArray();
        var isAlive = members.Any(node => node.Silent < formAfter);
        var isWaiting = watched < formAfter && (members.Length > 0 || seeds.Any(s => s != self));
        if (!isAlive && !isWaiting)
            return new Form();
        return new Ask([
            .. members
                .OrderBy(static node => node.Silent)
                .Select(static node => node.Address)
                .Concat(seeds)
                .Where(address => address != self)
                .Distinct(),
        ]);
    }
}
