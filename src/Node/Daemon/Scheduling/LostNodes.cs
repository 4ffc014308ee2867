using Akka.Cluster;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>What the store knows of nodes that are gone.</summary>
/// <param name="registry">Null: the store is this node's alone.</param>
/// <param name="within">How long the store may take.</param>
internal sealed class LostNodes(
    Cluster cluster,
    NodeRegistry? registry,
    MembershipSettings settings,
    TimeSpan within
)
{
    public DepartureRules Rules =>
        new(PutOutAsync, IsAbsentAsync, settings.RemovalHold, settings.DeathTime);

    private async Task<DepartureWord?> PutOutAsync(string node, int session)
    {
        if (registry is null)
            return null;
        using var limit = new CancellationTokenSource(within);
        return await registry.PutOutAsync(node, session, settings.DeathTime, limit.Token);
    }

    private async Task<AbsenceWord> IsAbsentAsync(string node, TimeSpan unvouched)
    {
        var role = ClusterNames.NodeRole(node);
        if (registry is null || cluster.State.Members.Any(member => member.HasRole(role)))
            return new(Sure: false, Vouched: true);
        using var limit = new CancellationTokenSource(within);
        var (certainty, death) = (settings.Certainty, settings.DeathTime);
        // A session that it may have begun meanwhile is not silent, and is not put out.
        await registry.PutOutAsync(node, 0, certainty.Detection + death, limit.Token);
        var traces = await registry.TracesAsync(limit.Token);
        var trace = traces.FirstOrDefault(trace => trace.Name == node);
        return new(
            Absence.IsSure(trace, unvouched, certainty, death),
            Absence.IsVouchedFor(node, traces, certainty, death)
        );
    }
}
