using Akka.Actor;
using Akka.Remote;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Sends requests to the gateway of one node, and switches to another node when that one
/// is silent. Lives as long as the client's membership.</summary>
internal sealed class GatewayClientActor : UntypedActor, IWithTimers
{
    public sealed record StartCall(PendingCall Call);

    /// <summary>Cancels a call: its answer is no longer read.</summary>
    public sealed record CancelCall(long Call);

    /// <summary>The reader consumed a message of the answer.</summary>
    public sealed record MessageRead(PendingCall Call);

    public sealed record VisibleJobs(IReadOnlyList<long> Jids);

    /// <param name="Ticket">Null: the node issued none; the next refusal requests one
    /// again.</param>
    private sealed record NewTicket(Ticket? Ticket);

    /// <summary>Unsubscribes from the feed, then replies with itself.</summary>
    public sealed record Leave;

    /// <summary>The time that a node has to answer after its connection broke.</summary>
    private static readonly TimeSpan SilenceAllowed = TimeSpan.FromSeconds(1);

    private readonly ICloudSink _sink;
    private readonly TimeProvider _clock;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<long, PendingCall> _calls = [];
    private readonly Watch _watch = new() { WithEvents = true };
    private Ticket _ticket;
    private Address _node = null!;
    private readonly long _start;
    private TimeSpan _sentAt;
    private DateTimeOffset _lastAnswerAt;
    private TimeSpan _failoverAt;
    private bool _isLive;

    // The watch has changed since it was last sent.
    private bool _watchChanged;

    public GatewayClientActor(Ticket ticket, ICloudSink sink, TimeProvider clock)
    {
        (_ticket, _sink, _clock, _start) = (ticket, sink, clock, clock.GetTimestamp());
        _watch.IntervalMs = ticket.IntervalMs;
    }

    public static Props Props(Ticket ticket, ICloudSink sink, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new GatewayClientActor(ticket, sink, clock));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        var tick = TimeSpan.FromMilliseconds(Math.Clamp(_ticket.RenewMs / 4, 20, 500));
        Timers.StartPeriodicTimer(nameof(Check), nameof(Check), tick);
        _lastAnswerAt = _clock.GetUtcNow();
        WatchAt(Address.Parse(_ticket.Addresses[0]));
    }

    protected override void PostStop()
    {
        foreach (var call in _calls.Values)
            call.End(PendingCall.Lost("Connection to the cloud lost; try again."));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartCall begin:
                Start(begin.Call);
                break;
            case MessageRead taken:
                RequestMore(taken.Call);
                break;
            case CancelCall end when _calls.Remove(end.Call):
                Gateway.Tell(new AskMore { Call = end.Call, End = true });
                break;
            case VisibleJobs visible:
                _watch.Visible.Clear();
                _watch.Visible.Add(visible.Jids);
                _watchChanged = true;
                break;
            case Told chunk when _calls.TryGetValue(chunk.Call, out var call):
                MarkAlive();
                if (call.Take(chunk))
                    RequestMore(call);
                else
                    _calls.Remove(chunk.Call);
                break;
            case FeedNews update when update.Session == _watch.Session:
                ReceiveUpdate(update);
                break;
            case Refusal { Code: RefusalCode.NotAllowed }:
                _sink.RenewTicketAsync().PipeTo(Self, success: t => new NewTicket(t));
                break;
            case NewTicket { Ticket: { } ticket }:
                _ticket = ticket;
                SendWatch();
                break;
            case NewTicket:
                break;
            case DisassociatedEvent lost when lost.RemoteAddress == _node:
                FailOverAt(Elapsed + SilenceAllowed);
                SendWatch();
                break;
            case nameof(Check):
                Check();
                break;
            case Leave:
                _watch.End = true;
                SendWatch();
                Sender.Tell(message);
                break;
        }
    }

    /// <summary>The time since its start, which follows no wall clock.</summary>
    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    private ActorSelection Gateway => GatewayOf(_node);

    private static ActorSelection GatewayOf(Address node) =>
        Context.ActorSelection(new RootActorPath(node) / "user" / ClusterNames.Gateway);

    private void Start(PendingCall call)
    {
        _calls[call.Number] = call;
        var number = 0;
        foreach (var (piece, last) in MessageChunks.Of(call.Request, _ticket.MessageBytes))
            Gateway.Tell(
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

    private void RequestMore(PendingCall call)
    {
        if (call.Wanted() is > 0 and var pieces)
            Gateway.Tell(new AskMore { Call = call.Number, Pieces = pieces });
    }

    private void ReceiveUpdate(FeedNews update)
    {
        MarkAlive();
        if (!update.Full && update.Number != _watch.Heard + 1)
        {
            WatchAt(_node);
            return;
        }
        _watch.Heard = update.Number;
        _sink.Push(update);
        if (!_isLive)
        {
            _isLive = true;
            _sink.LinkChanged(LinkState.Live, NameOf(_node), _clock.GetUtcNow(), "");
        }
        if (!update.More)
            SendWatch();
    }

    private void MarkAlive()
    {
        _lastAnswerAt = _clock.GetUtcNow();
        _failoverAt = Elapsed + TimeSpan.FromMilliseconds(_ticket.StaleMs);
    }

    private void Check()
    {
        var now = Elapsed;
        var held = _watch.Hold;
        var isDue = now - _sentAt >= TimeSpan.FromMilliseconds(_ticket.RenewMs);
        if (isDue || _watchChanged || held && !_sink.IsFull)
            SendWatch();
        if (now >= _failoverAt)
            FailOver();
    }

    private void FailOverAt(TimeSpan at) => _failoverAt = at < _failoverAt ? at : _failoverAt;

    /// <summary>Fails the pending calls and switches to the next node, because the current one is
    /// silent.</summary>
    private void FailOver()
    {
        var silent = NameOf(_node);
        _isLive = false;
        foreach (var call in _calls.Values)
            call.End(PendingCall.Lost($"Node {silent} stopped responding; try again."));
        _calls.Clear();
        var others = Nodes();
        var next = others[(others.IndexOf(_node) + 1) % others.Count];
        _sink.LinkChanged(
            LinkState.Stale,
            "",
            _lastAnswerAt,
            next == _node
                ? $"node {silent} does not respond"
                : $"node {silent} does not respond; trying {NameOf(next)}"
        );
        WatchAt(next);
    }

    /// <summary>Starts a new feed session at a node.</summary>
    private void WatchAt(Address to)
    {
        _node = to;
        // It grows, even if a clock is set back.
        _watch.Session = Math.Max(_watch.Session + 1, _clock.GetUtcNow().Ticks);
        _watch.Heard = 0;
        _failoverAt = Elapsed + TimeSpan.FromMilliseconds(_ticket.StaleMs);
        SendWatch();
    }

    private void SendWatch()
    {
        _sentAt = Elapsed;
        _watchChanged = false;
        _watch.Ticket = _ticket.Token;
        _watch.Hold = _sink.IsFull;
        Gateway.Tell(_watch.Clone());
    }

    /// <summary>The known nodes with a gateway.</summary>
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
