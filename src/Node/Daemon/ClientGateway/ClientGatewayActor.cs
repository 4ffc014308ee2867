using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>
/// The gateway for clients that are cluster members. It identifies a client by its ticket and
/// forwards the client's messages to that client's own <see cref="ClientSessionActor"/> and to the
/// feed. The gateways of all nodes share their tickets.
/// </summary>
internal sealed class ClientGatewayActor : UntypedActor
{
    /// <summary>Shares a ticket that this node issued with all other nodes.</summary>
    public sealed record ShareTicket(TicketGiven Given);

    private readonly ClientGatewayDependencies _ports;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<IActorRef, IActorRef> _sessions = [];

    public ClientGatewayActor(ClientGatewayDependencies ports) => _ports = ports;

    public static Props Props(ClientGatewayDependencies ports) =>
        Akka.Actor.Props.Create(() => new ClientGatewayActor(ports));

    protected override void PreStart() =>
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.MemberUp)
        );

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask ask when SessionOf(ask.Ticket) is { } session:
                session.Forward(ask);
                break;
            case Ask ask:
                Sender.Tell(
                    new Told
                    {
                        Call = ask.Call,
                        End = true,
                        Refusal = UnknownTicket(),
                    }
                );
                break;
            case AskMore more when _sessions.TryGetValue(Sender, out var session):
                session.Forward(more);
                break;
            case Watch watch when _ports.Tickets.Find(watch.Ticket) is { } by:
                _ports.Feed.Tell(new FeedActor.WatchBy(watch, by), Sender);
                _sessions.GetValueOrDefault(Sender)?.Forward(watch);
                break;
            case Watch:
                Sender.Tell(UnknownTicket());
                break;
            case TicketGiven given:
                _ports.Tickets.Add(given);
                break;
            case ShareTicket announce:
                foreach (var member in Others())
                    GatewayOf(member).Tell(announce.Given);
                break;
            case ClusterEvent.MemberUp up when IsOther(up.Member):
                foreach (var given in _ports.Tickets.Valid())
                    GatewayOf(up.Member).Tell(given);
                break;
            case Terminated ended:
                foreach (var (client, _) in _sessions.Where(v => v.Value.Equals(ended.ActorRef)))
                    _sessions.Remove(client);
                break;
        }
    }

    private IActorRef? SessionOf(string ticket)
    {
        if (_ports.Tickets.Find(ticket) is not { } by)
            return null;
        if (!_sessions.TryGetValue(Sender, out var session))
        {
            _sessions[Sender] = session = Context.ActorOf(
                ClientSessionActor.Props(Sender, by, _ports)
            );
            Context.Watch(session);
        }
        return session;
    }

    private IEnumerable<Member> Others() => _cluster.State.Members.Where(IsOther);

    private bool IsOther(Member member) =>
        !member.HasRole(ClusterNames.Client) && member.UniqueAddress != _cluster.SelfUniqueAddress;

    private static ActorSelection GatewayOf(Member member) =>
        Context.ActorSelection(new RootActorPath(member.Address) / "user" / ClusterNames.Door);

    private static Refusal UnknownTicket() =>
        new()
        {
            Code = RefusalCode.NotAllowed,
            Message = "Unknown ticket; request a new one from the node on this machine.",
        };
}
