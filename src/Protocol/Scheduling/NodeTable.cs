using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>The nodes of the cloud by name.</summary>
internal sealed class NodeTable
{
    private static readonly IComparer<NodeAccount> ByName = Comparer<NodeAccount>.Create(
        static (a, b) => string.CompareOrdinal(a.Name, b.Name)
    );

    /// <summary>A session that has sent no offer for this long is over, µs.</summary>
    private const long SilentAfter = 15_000_000;

    private readonly Dictionary<string, NodeAccount> _nodes = new(StringComparer.Ordinal);

    // Includes drains of absent nodes.
    private readonly Dictionary<string, Drain> _drains = new(StringComparer.Ordinal);

    /// <summary>Nodes ordered by name.</summary>
    public List<NodeAccount> All { get; } = [];

    /// <summary>The drains of nodes that are away, ordered by name.</summary>
    public IEnumerable<Drain> AbsentDrains =>
        _drains
            .Values.Where(drain => Find(drain.Node) is not { Offer: not null, IsLost: false })
            .OrderBy(static drain => drain.Node, StringComparer.Ordinal);

    /// <summary>The same nodes; drains of those that are away are left out.</summary>
    public NodeTable Copy()
    {
        var copy = new NodeTable();
        foreach (var node in All)
        {
            copy.All.Add(node.Copy());
            copy._nodes.Add(node.Name, copy.All[^1]);
        }
        return copy;
    }

    public NodeAccount? Find(string name) => _nodes.GetValueOrDefault(name);

    public NodeAccount Of(string name, long now)
    {
        if (_nodes.TryGetValue(name, out var node))
            return node;
        node = new NodeAccount(name, now) { Drain = _drains.GetValueOrDefault(name) };
        _nodes.Add(name, node);
        All.Insert(~All.BinarySearch(node, ByName), node);
        return node;
    }

    /// <summary>Applies an offer. True: it is from a new session; null: it is stale.</summary>
    /// <remarks>The number of a session is a time: if the node's clock was set back, a new session
    /// has a lower one, but the earlier session is silent.</remarks>
    public static bool? Learn(NodeAccount node, NodeOffer offer, long now)
    {
        var known = node.Offer?.Session ?? long.MinValue;
        var isOlder = offer.Session < known && !node.IsLost && now - node.OfferedAt < SilentAfter;
        if (isOlder || (node.IsLost && offer.Session == known))
            return null;
        (node.Offer, node.OfferedAt, node.LostSince, node.Planned) = (offer, now, 0, false);
        return offer.Session != known;
    }

    /// <param name="drain">The drain; null: ends it.</param>
    public void Drain(string name, Drain? drain)
    {
        if (drain is null)
            _drains.Remove(name);
        else
            _drains[name] = drain;
        if (Find(name) is { } node)
            node.Drain = drain;
    }

    /// <summary>The refusal of a request; null: it is valid. The drain of an absent node can be
    /// ended.</summary>
    public Refusal? RefusalOf(DrainRequest request) =>
        Find(request.Node) is { IsLost: false }
        || (request.Undrain && _drains.ContainsKey(request.Node))
            ? null
            : new()
            {
                Code = RefusalCode.NotFound,
                Message =
                    $"Unknown node {request.Node}; the nodes are "
                    + string.Join(", ", All.Where(node => !node.IsLost).Select(node => node.Name)),
            };

    public void Prune(SchedulingLimits limits, long now) =>
        All.RemoveAll(node => IsPast(node, limits, now) && _nodes.Remove(node.Name));

    private static bool IsPast(NodeAccount node, SchedulingLimits limits, long now) =>
        node.Attempts == 0
        && (node.IsLost ? now - node.LostSince >= limits.KeepLost : node.Offer is null);
}
