using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Builds the reply of <c>nodes</c> from the ledger.</summary>
public static class NodeViews
{
    /// <summary>All nodes ordered by name, except those that left as planned.</summary>
    public static NodesReply Of(Ledger ledger)
    {
        var reply = new NodesReply();
        foreach (var node in ledger.Nodes)
            if (node is { Offer: not null, IsLost: false } or { IsLost: true, Planned: false })
                reply.Nodes.Add(Of(node));
        return reply;
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
