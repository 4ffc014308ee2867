using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Opens the door of a node for clients that are members of the cluster.</summary>
internal static class DoorFeature
{
    /// <param name="clients">A client's certificate lets into the cluster.</param>
    /// <returns>Who gives the tickets.</returns>
    public static TicketHandler Start(
        ActorSystem system,
        IActorRef index,
        Looks looks,
        Dispatcher calls,
        NodeFacts facts,
        DoorSettings door,
        FeedSettings feed,
        bool clients,
        TimeProvider clock
    )
    {
        var tickets = new Tickets(clock, door.TicketAge, door.TicketsMost);
        var feeding = system.ActorOf(
            FeedActor.Props(new FeedPorts(index, looks, feed, door, clock)),
            ClusterNames.Feed
        );
        var doorway = system.ActorOf(
            DoorActor.Props(new DoorPorts(tickets, feeding, calls, door)),
            ClusterNames.Door
        );
        var cluster = Cluster.Get(system);
        return new TicketHandler(
            tickets,
            doorway,
            facts,
            () =>
                cluster
                    .State.Members.Where(member => !member.HasRole(ClusterNames.Client))
                    .Select(member => member.Address.ToString()),
            door,
            feed.Interval,
            clients
        );
    }
}
