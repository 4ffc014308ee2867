using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Inbound;

/// <summary>The members of the cluster as one of them knows them.</summary>
public sealed class KnownMembers
{
    private readonly Dictionary<
        (string Address, uint Session),
        IReadOnlyCollection<string>
    > _rolesOf = [];
    private readonly ILookup<string, string> _nodesAt;

    /// <param name="all">The address, the session and the roles of each.</param>
    public KnownMembers(
        IEnumerable<(string Address, int Session, IReadOnlyCollection<string> Roles)> all
    )
    {
        foreach (var (address, session, roles) in all)
            _rolesOf[(address, (uint)session)] = roles;
        _nodesAt = (
            from member in _rolesOf
            from node in member.Value.Select(ClusterNames.NodeOf).OfType<string>()
            select (member.Key.Address, node)
        ).ToLookup(static one => one.Address, static one => one.node);
    }

    public static KnownMembers None { get; } = new([]);

    /// <summary>The names of the nodes at an address: more than one if an earlier session is not
    /// removed yet.</summary>
    public IEnumerable<string> NodesAt(string address) => _nodesAt[address];

    /// <summary>Whether the node of this name is a member at another address.</summary>
    public bool IsElsewhere(string node, string address) =>
        _nodesAt.Any(place => place.Key != address && place.Contains(node));

    /// <summary>The roles of a member, which never change; null: it is not known.</summary>
    public IReadOnlyCollection<string>? RolesOf(string address, uint session) =>
        _rolesOf.GetValueOrDefault((address, session));
}
