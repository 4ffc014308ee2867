namespace JobCloud.Protocol.Membership;

/// <summary>What a node that is no member yet does next.</summary>
public abstract record JoinStep
{
    private JoinStep() { }

    /// <summary>Asks these nodes to let it in.</summary>
    public sealed record Ask(IReadOnlyList<string> Addresses) : JoinStep;

    /// <summary>Forms the cloud, if the store lets it be the one that does.</summary>
    public sealed record Form : JoinStep;

    /// <param name="others">All nodes of the store but this one.</param>
    /// <param name="seeds">Addresses that the settings name.</param>
    /// <param name="self">Its own address.</param>
    /// <param name="watched">For how long the store has been asked, and has answered.</param>
    /// <param name="formAfter">Members silent for so long, while watched, are dead or put
    /// out.</param>
    /// <remarks>
    /// The instant a member last said something is not enough: the store itself may have been away.
    /// Seeds count only until then, as a seed that waited for the others would wait for ever.
    /// </remarks>
    public static JoinStep Next(
        IReadOnlyList<NodeRow> others,
        IReadOnlyList<string> seeds,
        string self,
        TimeSpan watched,
        TimeSpan formAfter
    )
    {
        var members = others.Where(static node => node.Member).ToArray();
        var alive = members.Any(node => node.Silent < formAfter);
        var waits = watched < formAfter && (members.Length > 0 || seeds.Any(s => s != self));
        if (!alive && !waits)
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
