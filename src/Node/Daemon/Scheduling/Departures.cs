using Akka.Actor;
using Akka.Cluster;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Tells its parent of each node that the cluster has removed.</summary>
public sealed class Departures : ReceiveActor
{
    private readonly Cluster cluster = Cluster.Get(Context.System);

    public Departures(Func<Member, string?> nodeOf) =>
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            if (nodeOf(removed.Member) is { } node)
                Context.Parent.Tell(
                    new NodeLeft(node, Planned: removed.PreviousStatus == MemberStatus.Exiting)
                );
        });

    /// <param name="nodeOf">The node that a member is; null: it runs no jobs.</param>
    public static Props Props(Func<Member, string?> nodeOf) =>
        Akka.Actor.Props.Create(() => new Departures(nodeOf));

    protected override void PreStart() =>
        cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.MemberRemoved)
        );

    protected override void PostStop() => cluster.Unsubscribe(Self);
}
