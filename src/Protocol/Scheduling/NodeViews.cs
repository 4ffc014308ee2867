using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Builds the reply of <c>nodes</c> from the ledger.</summary>
public static class NodeViews
{
    /// <summary>All nodes ordered by name, except those that left as planned and are not
    /// drained.</summary>
    public static NodesReply Of(Ledger ledger)
    {
        var reply = new NodesReply();
        foreach (var node in ledger.Nodes)
            if (node is { Offer: not null, IsLost: false } or { IsLost: true, Planned: false })
                reply.Nodes.Add(Of(node));
        foreach (var drain in ledger.AbsentDrains)
            Add(reply, drain);
        return reply;
    }

    /// <summary>A node that is away stays listed while it is drained: somebody may want to end
    /// that.</summary>
    private static void Add(NodesReply reply, Drain drain)
    {
        var place = 0;
        while (
            place < reply.Nodes.Count
            && string.CompareOrdinal(reply.Nodes[place].Name, drain.Node) < 0
        )
            place++;
        if (place < reply.Nodes.Count && reply.Nodes[place].Name == drain.Node)
            return;
        reply.Nodes.Insert(
            place,
            new NodeView
            {
                Name = drain.Node,
                State = "away",
                Capacity = new Resources(),
                InUse = new Resources(),
                Reason = drain.Reason.Length > 0 ? $"drained: {drain.Reason}" : "drained",
                DrainedBy = drain.By,
                DrainedSince = drain.Since,
                DrainStopsAt = drain.StopAt,
            }
        );
    }

    private static NodeView Of(NodeAccount node) =>
        new()
        {
            Name = node.Name,
            State = State(node),
            Address = node.Offer?.Address ?? "",
            Version = node.Offer?.Version ?? "",
            Since = node.IsLost ? node.LostSince : node.Offer?.Since ?? 0,
            Capacity = node.Offer?.Capacity ?? new Resources(),
            InUse = new Resources
            {
                Cores = node.CoresProcessing,
                MemoryBytes = node.MemoryProcessing,
            },
            Processing = node.Processing,
            Assigned = node.Attempts - node.Processing,
            Limits = node.Offer?.Limits ?? "",
            Isolation = node.Offer?.Isolation,
            Reason = node.NotReady.Length > 0 ? node.NotReady : node.DrainReason,
            DrainedBy = node.Drain?.By ?? "",
            DrainedSince = node.Drain?.Since ?? 0,
            DrainStopsAt = node.Drain?.StopAt ?? 0,
            Roles = { node.Offer?.Roles ?? [] },
            CertificateUntil = node.Offer?.CertificateUntil ?? 0,
        };

    private static string State(NodeAccount node) =>
        node.IsLost ? "lost"
        : node.NotReady.Length > 0 ? "not ready"
        : !node.Draining || node.Undrained ? "ready"
        : node.Attempts > 0 ? "draining"
        : "drained";
}
