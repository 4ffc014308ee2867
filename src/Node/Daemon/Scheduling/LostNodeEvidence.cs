using Akka.Cluster;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Reads from the store whether removed and absent nodes are lost.</summary>
/// <param name="registry">Null: no other node shares the store.</param>
/// <param name="within">Time limit for the store's answer.</param>
internal sealed class LostNodeEvidence(
    Cluster cluster,
    NodeRegistry? registry,
    MembershipSettings settings,
    TimeSpan within
)
{
    public LostNodeRules Rules =>
        new(PutOutAsync, IsAbsentAsync, settings.RemovalHold, settings.DeathTime);

    private async Task<RemovedNodeState?> PutOutAsync(string node, int session)
    {
        if (registry is null)
            return null;
        using var limit = new CancellationTokenSource(within);
        return await registry.MarkRemovedAsync(node, session, settings.DeathTime, limit.Token);
    }

    private async Task<UnseenNodeState> IsAbsentAsync(string node, TimeSpan unvouched)
    {
        var role = ClusterNames.NodeRole(node);
        if (registry is null || cluster.State.Members.Any(member => member.HasRole(role)))
            return new(IsLost: false, IsVouchedFor: true);
        using var limit = new CancellationTokenSource(within);
        var (certainty, death) = (settings.Certainty, settings.DeathTime);
        // If the node has started again, its new session is not silent and stays unmarked.
        await registry.MarkRemovedAsync(node, 0, certainty.Detection + death, limit.Token);
        var traces = await registry.TracesAsync(limit.Token);
        var trace = traces.FirstOrDefault(trace => trace.Name == node);
        return new(
            UnseenNodeLoss.IsLost(trace, unvouched, certainty, death),
            UnseenNodeLoss.IsVouchedFor(node, traces, certainty, death)
        );
    }
}
