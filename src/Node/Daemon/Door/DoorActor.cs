using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol;
using JobCloud.Protocol.Doors;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Door;

/// <summary>
/// Where clients that are members of the cluster come in: knows them by their tickets, and leads
/// each to a <see cref="VisitorActor"/> of its own and to the feed. Doors tell each other of
/// tickets.
/// </summary>
internal sealed class DoorActor : UntypedActor
{
    /// <summary>This node gave a ticket.</summary>
    public sealed record Announce(TicketGiven Given);

    private readonly DoorPorts _ports;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<IActorRef, IActorRef> _visitors = [];

    public DoorActor(DoorPorts ports) => _ports = ports;

    public static Props Props(DoorPorts ports) =>
        Akka.Actor.Props.Create(() => new DoorActor(ports));

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
            case Ask ask when Visitor(ask.Ticket) is { } visitor:
                visitor.Forward(ask);
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
            case AskMore more when _visitors.TryGetValue(Sender, out var visitor):
                visitor.Forward(more);
                break;
            case Watch watch when _ports.Tickets.Find(watch.Ticket) is { } by:
                _ports.Feed.Tell(new FeedActor.WatchBy(watch, by), Sender);
                _visitors.GetValueOrDefault(Sender)?.Forward(watch);
                break;
            case Watch:
                Sender.Tell(UnknownTicket());
                break;
            case TicketGiven given:
                _ports.Tickets.Learn(given);
                break;
            case Announce announce:
                foreach (var member in Others())
                    DoorOf(member).Tell(announce.Given);
                break;
            case ClusterEvent.MemberUp up when IsOther(up.Member):
                foreach (var given in _ports.Tickets.Good())
                    DoorOf(up.Member).Tell(given);
                break;
            case Terminated gone:
                foreach (var (client, _) in _visitors.Where(v => v.Value.Equals(gone.ActorRef)))
                    _visitors.Remove(client);
                break;
        }
    }

    private IActorRef? Visitor(string ticket)
    {
        if (_ports.Tickets.Find(ticket) is not { } by)
            return null;
        if (!_visitors.TryGetValue(Sender, out var visitor))
        {
            _visitors[Sender] = visitor = Context.ActorOf(VisitorActor.Props(Sender, by, _ports));
            Context.Watch(visitor);
        }
        return visitor;
    }

    private IEnumerable<Member> Others() => _cluster.State.Members.Where(IsOther);

    private bool IsOther(Member member) =>
        !member.HasRole(ClusterNames.Client) && member.UniqueAddress != _cluster.SelfUniqueAddress;

    private static ActorSelection DoorOf(Member member) =>
        Context.ActorSelection(new RootActorPath(member.Address) / "user" / ClusterNames.Door);

    private static Refusal UnknownTicket() =>
        new()
        {
            Code = RefusalCode.NotAllowed,
            Message = "The ticket is not known here; ask the node of this machine for a new one.",
        };
}
