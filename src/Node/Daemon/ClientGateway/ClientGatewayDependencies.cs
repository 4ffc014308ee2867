using Akka.Actor;
using JobCloud.Node.Daemon.Calls;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Dependencies of the client gateway.</summary>
internal sealed record ClientGatewayDependencies(
    TicketRegistry Tickets,
    IActorRef Feed,
    Dispatcher Dispatcher,
    ClientGatewaySettings Settings,
    TicketTokens Tokens
);
