using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Issues tickets to callers that another endpoint has authenticated, and shares them with
/// all nodes.</summary>
/// <param name="gateway">This node's client gateway, which shares tickets with the others.</param>
/// <param name="addresses">The addresses of the cloud's nodes, this node's first.</param>
/// <param name="clients">Whether a client certificate admits to the cluster.</param>
internal sealed class TicketHandler(
    TicketRegistry tickets,
    IActorRef gateway,
    NodeFacts facts,
    Func<IEnumerable<string>> addresses,
    ClientGatewaySettings settings,
    TimeSpan interval,
    bool clients
)
{
    public Ticket Issue(Identity by)
    {
        var given = tickets.Issue(by);
        gateway.Tell(new ClientGatewayActor.ShareTicket(given));
        return new Ticket
        {
            Token = given.Token,
            User = by.User,
            Node = facts.Name,
            Addresses = { addresses().Prepend(facts.Address).Distinct() },
            RenewMs = (long)settings.RenewInterval.TotalMilliseconds,
            StaleMs = (long)settings.StaleAfter.TotalMilliseconds,
            AnswerWithinMs = (long)settings.AnswerWithin.TotalMilliseconds,
            MessageBytes = settings.MessageBytes,
            PiecesAhead = settings.ChunksAhead,
            IntervalMs = (long)interval.TotalMilliseconds,
            Clients = clients,
        };
    }
}
