using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Starts a node's gateway for clients that are cluster members.</summary>
internal static class ClientGatewayFeature
{
    /// <summary>Tickets that a node remembers; the oldest are dropped, and their clients request
    /// new ones.</summary>
    private const int MaxTickets = 10_000;

    /// <param name="clients">Whether a client certificate admits to the cluster.</param>
    /// <returns>The handler that issues tickets.</returns>
    public static TicketHandler Start(
        ActorSystem system,
        IActorRef index,
        FeedPoller looks,
        Dispatcher calls,
        NodeFacts facts,
        ClientGatewaySettings settings,
        FeedSettings feed,
        bool clients,
        TicketTokens tokens,
        TimeProvider clock
    )
    {
        var tickets = new TicketRegistry(clock, settings.TicketAge, MaxTickets);
        var feeding = system.ActorOf(
            FeedActor.Props(new FeedDependencies(index, looks, feed, tickets, settings, clock)),
            ClusterNames.Feed
        );
        var gateway = system.ActorOf(
            ClientGatewayActor.Props(
                new ClientGatewayDependencies(tickets, feeding, calls, settings, tokens)
            ),
            ClusterNames.Gateway
        );
        var cluster = Cluster.Get(system);
        return new TicketHandler(
            tickets,
            gateway,
            facts,
            () =>
                cluster
                    .State.Members.Where(member => !member.HasRole(ClusterNames.Client))
                    .Select(member => member.Address.ToString()),
            settings,
            feed.Interval,
            clients
        );
    }
}
