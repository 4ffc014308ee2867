using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol.Membership;
using Cluster = Akka.Cluster.Cluster;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Hands the jobs of a stopping node over, if another node can run them.</summary>
/// <param name="wait">Time that running jobs may continue.</param>
internal sealed class NodeHandover(Cluster cluster, IActorRef agent, TimeSpan wait)
{
    // Time after the wait to kill the remaining jobs and report their ends.
    private static readonly TimeSpan MoveTime = TimeSpan.FromSeconds(4);

    /// <summary>The time that a stop waits for running jobs; zero if no other node could run
    /// them.</summary>
    public TimeSpan Wait => HasOthers ? wait : TimeSpan.Zero;

    private bool HasOthers =>
        cluster.State.Members.Any(member =>
            member.UniqueAddress != cluster.SelfUniqueAddress
            && member.Status == MemberStatus.Up
            && member.HasRole(ClusterNames.Worker)
            && !cluster.State.Unreachable.Contains(member)
        );

    /// <summary>Completes when no job runs here any more, or when the time is up.</summary>
    public async Task HandOverAsync(CancellationToken hurry)
    {
        if (!HasOthers)
            return;
        try
        {
            await agent.Ask<NodeAgentActor.HandoverDone>(
                new NodeAgentActor.BeginHandover(wait),
                wait + MoveTime,
                hurry
            );
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            // The executor kills the remaining jobs.
        }
    }
}
