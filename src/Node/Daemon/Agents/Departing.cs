using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol.Membership;
using Cluster = Akka.Cluster.Cluster;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>A planned end: a node hands its work over before it leaves, if there is who takes
/// it.</summary>
/// <param name="wait">How long what runs here may run on.</param>
internal sealed class Departing(Cluster cluster, IActorRef agent, TimeSpan wait)
{
    // From the end of the wait: to kill what runs, and to tell.
    private static readonly TimeSpan Move = TimeSpan.FromSeconds(4);

    /// <summary>How long a stop waits for running jobs; zero: there is no other node that could run
    /// them.</summary>
    public TimeSpan Wait => HasOthers ? wait : TimeSpan.Zero;

    private bool HasOthers =>
        cluster.State.Members.Any(member =>
            member.UniqueAddress != cluster.SelfUniqueAddress
            && member.Status == MemberStatus.Up
            && member.HasRole(ClusterNames.Worker)
            && !cluster.State.Unreachable.Contains(member)
        );

    /// <summary>Ends once nothing runs here any more, or the time for it is up.</summary>
    public async Task EndWorkAsync(CancellationToken hurry)
    {
        if (!HasOthers)
            return;
        try
        {
            await agent.Ask<NodeAgentActor.WorkEnded>(
                new NodeAgentActor.EndWork(wait),
                wait + Move,
                hurry
            );
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            // What is left is the executor's to kill.
        }
    }
}
