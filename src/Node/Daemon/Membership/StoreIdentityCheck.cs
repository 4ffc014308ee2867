using Akka.Cluster;
using JobCloud.Node.Daemon.Homes;
using Cluster = Akka.Cluster.Cluster;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Checks that a node has joined the cloud of its own store, before the node takes part in
/// it.</summary>
internal static class StoreIdentityCheck
{
    /// <exception cref="CannotStartException">The store knows none of the other
    /// members.</exception>
    public static async Task CheckAsync(
        Cluster cluster,
        NodeRegistry registry,
        NodeIdentity self,
        CancellationToken cancel
    )
    {
        var others = cluster
            .State.Members.Where(member =>
                member.UniqueAddress != cluster.SelfUniqueAddress
                && ClusterNodes.NodeOf(member) is not null
            )
            .ToArray();
        if (others.Length == 0)
            return;
        var known = await registry.OthersAsync(self.Name, cancel);
        // A restarted node's earlier session may not be removed yet: one known member is enough.
        if (!others.Any(member => known.Any(row => IsOf(member, row.Address, row.Session))))
            throw new CannotStartException(
                $"{others[0].Address} belongs to a cloud with a different store: remove it from "
                    + "--join or jobcloud.cluster.seed-nodes, or correct jobcloud.store.connection."
            );
    }

    private static bool IsOf(Member member, string address, int session) =>
        member.UniqueAddress.Uid == session && member.Address.ToString() == address;
}
