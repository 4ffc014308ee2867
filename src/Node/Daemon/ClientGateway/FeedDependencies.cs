using Akka.Actor;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Dependencies of the feed.</summary>
/// <param name="Index">This node's index, which passes on the changes of its segments.</param>
internal sealed record FeedDependencies(
    IActorRef Index,
    FeedPoller Looks,
    FeedSettings Feed,
    TicketRegistry Tickets,
    ClientGatewaySettings ClientGateway,
    TimeProvider Clock
);
