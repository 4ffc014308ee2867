using Akka.Cluster;
using JobCloud.Node.Daemon.Homes;
using Cluster = Akka.Cluster.Cluster;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Makes sure that a node has joined the cloud of its own store, before it does anything
/// there.</summary>
internal static class Kinship
{
    /// <exception cref="CannotStartException">None of the other members is known to the
    /// store.</exception>
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
        // One that was started anew may not have been removed yet: one that is known is enough.
        if (!others.Any(member => known.Any(row => IsOf(member, row.Address, row.Session))))
            throw new CannotStartException(
                $"{others[0].Address} belongs to a cloud with another store than this node's: take it out of "
                    + "--join or jobcloud.cluster.seed-nodes, or see jobcloud.store.connection."
            );
    }

    private static bool IsOf(Member member, string address, int session) =>
        member.UniqueAddress.Uid == session && member.Address.ToString() == address;
}
