using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>The nodes of the cloud, by name.</summary>
internal sealed class NodeBook
{
    private static readonly IComparer<NodeAccount> ByName = Comparer<NodeAccount>.Create(
        static (a, b) => string.CompareOrdinal(a.Name, b.Name)
    );

    private readonly Dictionary<string, NodeAccount> nodes = new(StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public List<NodeAccount> All { get; } = [];

    public NodeAccount? Find(string name) => nodes.GetValueOrDefault(name);

    public NodeAccount Of(string name, long now)
    {
        if (nodes.TryGetValue(name, out var node))
            return node;
        nodes.Add(name, node = new NodeAccount(name, now));
        All.Insert(~All.BinarySearch(node, ByName), node);
        return node;
    }

    /// <summary>Whether the offer is of a session not heard of before; null: it is stale.</summary>
    public static bool? Learn(NodeAccount node, NodeOffer offer)
    {
        var known = node.Offer?.Session ?? long.MinValue;
        if (offer.Session < known || (node.Gone && offer.Session == known))
            return null;
        (node.Offer, node.GoneSince, node.Planned) = (offer, 0, false);
        if (node.Asked is { } asked && asked.Undrain != offer.Draining)
            node.Asked = null;
        return offer.Session > known;
    }

    public void Prune(SchedulingLimits limits, long now) =>
        All.RemoveAll(node => IsPast(node, limits, now) && nodes.Remove(node.Name));

    private static bool IsPast(NodeAccount node, SchedulingLimits limits, long now) =>
        node.Attempts == 0
        && (node.Gone ? now - node.GoneSince >= limits.KeepLost : node.Offer is null);
}
