using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Inbound;

/// <summary>The members of the cluster as one of them knows them.</summary>
public sealed class KnownMembers
{
    private readonly Dictionary<(string Address, uint Session), KnownMember> _all = [];
    private readonly ILookup<string, string> _nodesAt;

    public KnownMembers(IEnumerable<KnownMember> all)
    {
        foreach (var member in all)
            _all[(member.Address, (uint)member.Session)] = member;
        _nodesAt = (
            from member in _all.Values
            from node in member.Roles.Select(ClusterNames.NodeOf).OfType<string>()
            select (member.Address, node)
        ).ToLookup(static one => one.Address, static one => one.node);
    }

    public static KnownMembers None { get; } = new([]);

    public IReadOnlyDictionary<(string Address, uint Session), KnownMember> All => _all;

    /// <summary>The names of the nodes at an address: more than one if an earlier session is not
    /// removed yet.</summary>
    public IEnumerable<string> NodesAt(string address) => _nodesAt[address];

    /// <summary>Whether the node of this name is a member at another address.</summary>
    public bool IsElsewhere(string node, string address) =>
        _nodesAt.Any(place => place.Key != address && place.Contains(node));
}
