using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Issues tickets to callers that another endpoint has authenticated, and shares them with
/// all nodes.</summary>
/// <param name="gateway">This node's client gateway, which shares tickets with the others.</param>
/// <param name="addresses">The addresses of the cloud's nodes, this node's first.</param>
/// <param name="clients">Whether a client certificate admits to the cluster.</param>
internal sealed class TicketHandler(
    Tickets tickets,
    IActorRef gateway,
    NodeFacts facts,
    Func<IEnumerable<string>> addresses,
    DoorSettings settings,
    TimeSpan interval,
    bool clients
)
{
    public Ticket Give(Identity by)
    {
        var given = tickets.Give(by);
        gateway.Tell(new DoorActor.Announce(given));
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
            PiecesAhead = settings.PiecesAhead,
            IntervalMs = (long)interval.TotalMilliseconds,
            Clients = clients,
        };
    }
}
