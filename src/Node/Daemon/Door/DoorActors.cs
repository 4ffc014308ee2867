using Akka.Cluster;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Opens the door of a node for clients that are members of the cluster.</summary>
public static class DoorActors
{
    /// <returns>Who gives the tickets.</returns>
    public static TicketHandler Open(NodeParts parts, NodeActors actors)
    {
        var (door, feed) = (parts.Settings.Door, parts.Settings.Feed);
        var tickets = new Tickets(parts.Clock, door.TicketAge, door.TicketsMost);
        var feeding = parts.System.ActorOf(
            FeedActor.Props(
                new FeedPorts(
                    actors.Index,
                    LooksOf(parts.Settings, actors),
                    feed,
                    door,
                    parts.Clock
                )
            ),
            ClusterNames.Feed
        );
        var doorway = parts.System.ActorOf(
            DoorActor.Props(new DoorPorts(tickets, feeding, parts.Calls, door)),
            ClusterNames.Door
        );
        var cluster = Cluster.Get(parts.System);
        return new TicketHandler(
            tickets,
            doorway,
            parts.Facts,
            () =>
                cluster
                    .State.Members.Where(member => !member.HasRole(ClusterNames.Client))
                    .Select(member => member.Address.ToString()),
            door,
            feed.Interval,
            parts.Settings.Tls.Clients
        );
    }

    private static Looks LooksOf(NodeSettings settings, NodeActors actors)
    {
        var within = settings.Gateway.AnswerWithin;
        return new Looks(
            new NodesHandler(actors.Scheduler, within),
            new SegmentClient(() => actors.Region, within, settings.Gateway.SegmentsAtOnce),
            new AttemptClient(actors.Agents, stored: null, within),
            settings.Feed.VisibleMost
        );
    }
}
