using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Calls;
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
internal sealed class ClientGatewayActor : UntypedActor, IWithTimers
{
    /// <summary>Shares a ticket that this node issued with all other nodes.</summary>
    public sealed record ShareTicket(TicketGiven Given);

    private sealed record TokensRead(Func<string, Refusal?> Check);

    private readonly record struct OpenSession(string Ticket, IActorRef Actor);

    private readonly ClientGatewayDependencies _ports;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<IActorRef, OpenSession> _sessions = [];

    public ClientGatewayActor(ClientGatewayDependencies ports) => _ports = ports;

    public static Props Props(ClientGatewayDependencies ports) =>
        Akka.Actor.Props.Create(() => new ClientGatewayActor(ports));

    public ITimerScheduler Timers { get; set; } = null!;

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
            case Ask ask:
                Receive(ask);
                break;
            case AskMore more when _sessions.TryGetValue(Sender, out var session):
                session.Actor.Forward(more);
                break;
            case Watch watch:
                Receive(watch);
                break;
            case TicketGiven given:
                _ports.Tickets.Add(given);
                CheckTokensLater();
                break;
            case nameof(CheckTokensLater):
                ReadTokens();
                break;
            case TokensRead read:
                _ports.Tickets.EndWithTokens(read.Check);
                EndSessions();
                CheckTokensLater();
                break;
            case Akka.Actor.Status.Failure:
                // Tickets stay valid while the store is unavailable, as open calls do.
                CheckTokensLater();
                break;
            case ShareTicket announce:
                CheckTokensLater();
                foreach (var member in Others())
                    GatewayOf(member).Tell(announce.Given);
                break;
            case ClusterEvent.MemberUp up when IsOther(up.Member):
                foreach (var given in _ports.Tickets.Valid())
                    GatewayOf(up.Member).Tell(given);
                break;
            case Terminated ended:
                foreach (
                    var (client, _) in _sessions.Where(s => s.Value.Actor.Equals(ended.ActorRef))
                )
                    _sessions.Remove(client);
                break;
        }
    }

    private void Receive(Ask ask)
    {
        var found = _ports.Tickets.Find(ask.Ticket);
        if (found.IsGranted)
            SessionOf(ask.Ticket, found.Reply).Forward(ask);
        else
            Sender.Tell(
                new Told
                {
                    Call = ask.Call,
                    End = true,
                    Refusal = found.Refusal,
                }
            );
    }

    private void Receive(Watch watch)
    {
        var found = _ports.Tickets.Find(watch.Ticket);
        if (!found.IsGranted)
        {
            Sender.Tell(found.Refusal);
            return;
        }
        _ports.Feed.Tell(new FeedActor.WatchBy(watch, found.Reply), Sender);
        if (_sessions.TryGetValue(Sender, out var session))
            session.Actor.Forward(watch);
    }

    /// <summary>The session of the sender with this ticket. Another ticket may identify another
    /// user, so it ends the session of the earlier one.</summary>
    private IActorRef SessionOf(string ticket, Identity by)
    {
        if (_sessions.TryGetValue(Sender, out var session) && session.Ticket == ticket)
            return session.Actor;
        if (session.Actor is not null)
            Context.Stop(session.Actor);
        var actor = Context.ActorOf(ClientSessionActor.Props(Sender, by, _ports));
        _sessions[Sender] = new OpenSession(ticket, actor);
        return Context.Watch(actor);
    }

    private void CheckTokensLater()
    {
        if (_ports.Tickets.HasTokens && !Timers.IsTimerActive(nameof(CheckTokensLater)))
            Timers.StartSingleTimer(
                nameof(CheckTokensLater),
                nameof(CheckTokensLater),
                _ports.Tokens.Age / 2
            );
    }

    private void ReadTokens() =>
        _ports
            .Tokens.ReadAsync(CancellationToken.None)
            .PipeTo(Self, success: check => new TokensRead(check));

    private void EndSessions()
    {
        foreach (var session in _sessions.Values)
            if (_ports.Tickets.Check(session.Ticket) is { } refusal)
                session.Actor.Tell(new ClientSessionActor.EndSession(refusal));
    }

    private IEnumerable<Member> Others() => _cluster.State.Members.Where(IsOther);

    private bool IsOther(Member member) =>
        !member.HasRole(ClusterNames.Client) && member.UniqueAddress != _cluster.SelfUniqueAddress;

    private static ActorSelection GatewayOf(Member member) =>
        Context.ActorSelection(new RootActorPath(member.Address) / "user" / ClusterNames.Gateway);
}
