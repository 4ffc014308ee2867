using Akka.Actor;
using Akka.Remote;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>
/// Speaks with the door of one node, and with another's when that one is silent. It lives as long
/// as the client's membership.
/// </summary>
internal sealed class DoorClient : UntypedActor, IWithTimers
{
    public sealed record Begin(PendingCall Call);

    /// <summary>Nobody reads the answer any more.</summary>
    public sealed record End(long Call);

    /// <summary>A message of the answer was read.</summary>
    public sealed record Taken(PendingCall Call);

    public sealed record Look(IReadOnlyList<long> Visible);

    /// <param name="Ticket">Null: the node gave none; the next refusal asks again.</param>
    private sealed record NewTicket(Ticket? Ticket);

    /// <summary>Says to the node that nobody is here any more, and answers.</summary>
    public sealed record Leave;

    /// <summary>Of a node whose connection broke.</summary>
    private static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(1);

    private readonly ICloudSink _sink;
    private readonly TimeProvider _clock;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<long, PendingCall> _calls = [];
    private readonly Watch _watch = new() { WithEvents = true };
    private Ticket _ticket;
    private Address _node = null!;
    private DateTimeOffset _said;
    private DateTimeOffset _heard;
    private DateTimeOffset _doubtAt;
    private bool _isLive;

    // What it wishes has changed since it was said.
    private bool _wishes;

    public DoorClient(Ticket ticket, ICloudSink sink, TimeProvider clock)
    {
        (_ticket, _sink, _clock) = (ticket, sink, clock);
        _watch.IntervalMs = ticket.IntervalMs;
    }

    public static Props Props(Ticket ticket, ICloudSink sink, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new DoorClient(ticket, sink, clock));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        var tick = TimeSpan.FromMilliseconds(Math.Clamp(_ticket.RenewMs / 4, 20, 500));
        Timers.StartPeriodicTimer(nameof(Check), nameof(Check), tick);
        _heard = _clock.GetUtcNow();
        Turn(Address.Parse(_ticket.Addresses[0]));
    }

    protected override void PostStop()
    {
        foreach (var call in _calls.Values)
            call.End(PendingCall.Lost("The connection to the cloud has ended; try again."));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin begin:
                Start(begin.Call);
                break;
            case Taken taken:
                Want(taken.Call);
                break;
            case End end when _calls.Remove(end.Call):
                Door.Tell(new AskMore { Call = end.Call, End = true });
                break;
            case Look look:
                _watch.Visible.Clear();
                _watch.Visible.Add(look.Visible);
                _wishes = true;
                break;
            case Told told when _calls.TryGetValue(told.Call, out var call):
                Heard();
                if (call.Take(told))
                    Want(call);
                else
                    _calls.Remove(told.Call);
                break;
            case FeedNews news when news.Session == _watch.Session:
                Heard(news);
                break;
            case Refusal { Code: RefusalCode.NotAllowed }:
                _sink.RenewTicketAsync().PipeTo(Self, success: t => new NewTicket(t));
                break;
            case NewTicket { Ticket: { } ticket }:
                _ticket = ticket;
                Say();
                break;
            case NewTicket:
                break;
            case DisassociatedEvent lost when lost.RemoteAddress == _node:
                Doubt(_clock.GetUtcNow() + Suspicion);
                Say();
                break;
            case nameof(Check):
                Check();
                break;
            case Leave:
                _watch.End = true;
                Say();
                Sender.Tell(message);
                break;
        }
    }

    private ActorSelection Door => DoorOf(_node);

    private static ActorSelection DoorOf(Address node) =>
        Context.ActorSelection(new RootActorPath(node) / "user" / ClusterNames.Door);

    private void Start(PendingCall call)
    {
        _calls[call.Number] = call;
        var number = 0;
        foreach (var (piece, last) in Pieces.Of(call.Request, _ticket.MessageBytes))
            Door.Tell(
                new Ask
                {
                    Ticket = _ticket.Token,
                    Call = call.Number,
                    Number = number++,
                    Piece = piece,
                    Last = last,
                }
            );
    }

    private void Want(PendingCall call)
    {
        if (call.Wanted() is > 0 and var pieces)
            Door.Tell(new AskMore { Call = call.Number, Pieces = pieces });
    }

    private void Heard(FeedNews news)
    {
        Heard();
        if (!news.Full && news.Number != _watch.Heard + 1)
        {
            Turn(_node);
            return;
        }
        _watch.Heard = news.Number;
        _sink.Push(news);
        if (!_isLive)
        {
            _isLive = true;
            _sink.Linked(LinkState.Live, NameOf(_node), _clock.GetUtcNow(), "");
        }
        if (!news.More)
            Say();
    }

    private void Heard()
    {
        _heard = _clock.GetUtcNow();
        _doubtAt = _heard + TimeSpan.FromMilliseconds(_ticket.StaleMs);
    }

    private void Check()
    {
        var now = _clock.GetUtcNow();
        var held = _watch.Hold;
        var isDue = now - _said >= TimeSpan.FromMilliseconds(_ticket.RenewMs);
        if (isDue || _wishes || held && !_sink.IsFull)
            Say();
        if (now >= _doubtAt)
            MoveOn();
    }

    private void Doubt(DateTimeOffset at) => _doubtAt = at < _doubtAt ? at : _doubtAt;

    /// <summary>The node is silent: what was asked of it is lost, and another is asked from now
    /// on.</summary>
    private void MoveOn()
    {
        var silent = NameOf(_node);
        _isLive = false;
        foreach (var call in _calls.Values)
            call.End(PendingCall.Lost($"Node {silent} does not answer any more; try again."));
        _calls.Clear();
        var others = Nodes();
        var next = others[(others.IndexOf(_node) + 1) % others.Count];
        _sink.Linked(
            LinkState.Stale,
            "",
            _heard,
            next == _node
                ? $"node {silent} does not answer"
                : $"node {silent} does not answer, {NameOf(next)} is tried"
        );
        Turn(next);
    }

    /// <summary>Watches anew, at this node.</summary>
    private void Turn(Address to)
    {
        _node = to;
        _watch.Session = _clock.GetUtcNow().Ticks;
        _watch.Heard = 0;
        _doubtAt = _clock.GetUtcNow() + TimeSpan.FromMilliseconds(_ticket.StaleMs);
        Say();
    }

    private void Say()
    {
        _said = _clock.GetUtcNow();
        _wishes = false;
        _watch.Ticket = _ticket.Token;
        _watch.Hold = _sink.IsFull;
        Door.Tell(_watch.Clone());
    }

    /// <summary>All that have a door, as far as is known.</summary>
    private List<Address> Nodes() =>
        [
            .. _ticket
                .Addresses.Select(Address.Parse)
                .Concat(
                    _cluster
                        .State.Members.Where(member => !member.HasRole(ClusterNames.Client))
                        .Select(member => member.Address)
                )
                .Append(_node)
                .Distinct(),
        ];

    private string NameOf(Address address)
    {
        var roles = _cluster.State.Members.FirstOrDefault(m => m.Address == address)?.Roles ?? [];
        return roles.Select(ClusterNames.NodeOf).FirstOrDefault(name => name is not null)
                is { } name
                ? name
            : address == Address.Parse(_ticket.Addresses[0]) ? _ticket.Node
            : $"{address.Host}:{address.Port}";
    }
}
