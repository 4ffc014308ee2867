using Akka.Actor;
using Akka.Remote;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>
/// Speaks with the door of one node, and with another's when that one is silent. It lives as long as
/// the client's membership.
/// </summary>
internal sealed class DoorClient : UntypedActor, IWithTimers
{
    public sealed record Begin(PendingCall Call);

    /// <summary>Nobody reads the answer any more.</summary>
    public sealed record End(long Call);

    /// <summary>A message of the answer was read.</summary>
    public sealed record Taken(PendingCall Call);

    public sealed record Look(IReadOnlyList<long> Visible);

    public sealed record NewTicket(Ticket Ticket);

    /// <summary>Says to the node that nobody is here any more, and answers.</summary>
    public sealed record Leave;

    /// <summary>Of a node whose connection broke.</summary>
    private static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(1);

    private readonly ICloudSink sink;
    private readonly TimeProvider clock;
    private readonly Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<long, PendingCall> calls = [];
    private readonly Watch watch = new() { WithEvents = true };
    private Ticket ticket;
    private Address node = null!;
    private DateTimeOffset said;
    private DateTimeOffset heard;
    private DateTimeOffset doubtAt;
    private bool isLive;

    // What it wishes has changed since it was said.
    private bool wishes;

    public DoorClient(Ticket ticket, ICloudSink sink, TimeProvider clock)
    {
        (this.ticket, this.sink, this.clock) = (ticket, sink, clock);
        watch.IntervalMs = ticket.IntervalMs;
    }

    public static Props Props(Ticket ticket, ICloudSink sink, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new DoorClient(ticket, sink, clock));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        var tick = TimeSpan.FromMilliseconds(Math.Clamp(ticket.RenewMs / 4, 20, 500));
        Timers.StartPeriodicTimer(nameof(Check), nameof(Check), tick);
        heard = clock.GetUtcNow();
        Turn(Address.Parse(ticket.Addresses[0]));
    }

    protected override void PostStop()
    {
        foreach (var call in calls.Values)
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
            case End end when calls.Remove(end.Call):
                Door.Tell(new AskMore { Call = end.Call, End = true });
                break;
            case Look look:
                watch.Visible.Clear();
                watch.Visible.Add(look.Visible);
                wishes = true;
                break;
            case Told told when calls.TryGetValue(told.Call, out var call):
                Heard();
                if (call.Take(told))
                    Want(call);
                else
                    calls.Remove(told.Call);
                break;
            case FeedNews news when news.Session == watch.Session:
                Heard(news);
                break;
            case Refusal { Code: RefusalCode.NotAllowed }:
                sink.TicketIsUnknown();
                break;
            case NewTicket given:
                ticket = given.Ticket;
                Say();
                break;
            case DisassociatedEvent lost when lost.RemoteAddress == node:
                Doubt(clock.GetUtcNow() + Suspicion);
                Say();
                break;
            case nameof(Check):
                Check();
                break;
            case Leave:
                watch.End = true;
                Say();
                Sender.Tell(message);
                break;
        }
    }

    private ActorSelection Door => DoorOf(node);

    private static ActorSelection DoorOf(Address node) =>
        Context.ActorSelection(new RootActorPath(node) / "user" / ClusterNames.Door);

    private void Start(PendingCall call)
    {
        calls[call.Number] = call;
        var number = 0;
        foreach (var (piece, last) in Pieces.Of(call.Request, ticket.MessageBytes))
            Door.Tell(
                new Ask
                {
                    Ticket = ticket.Token,
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
        if (!news.Full && news.Number != watch.Heard + 1)
        {
            Turn(node);
            return;
        }
        watch.Heard = news.Number;
        sink.Push(news);
        if (!isLive)
        {
            isLive = true;
            sink.Linked(LinkState.Live, NameOf(node), clock.GetUtcNow(), "");
        }
        if (!news.More)
            Say();
    }

    private void Heard()
    {
        heard = clock.GetUtcNow();
        doubtAt = heard + TimeSpan.FromMilliseconds(ticket.StaleMs);
    }

    private void Check()
    {
        var now = clock.GetUtcNow();
        var held = watch.Hold;
        var isDue = now - said >= TimeSpan.FromMilliseconds(ticket.RenewMs);
        if (isDue || wishes || held && !sink.IsFull)
            Say();
        if (now >= doubtAt)
            MoveOn();
    }

    private void Doubt(DateTimeOffset at) => doubtAt = at < doubtAt ? at : doubtAt;

    /// <summary>The node is silent: what was asked of it is lost, and another is asked from now on.</summary>
    private void MoveOn()
    {
        var silent = NameOf(node);
        isLive = false;
        foreach (var call in calls.Values)
            call.End(PendingCall.Lost($"Node {silent} does not answer any more; try again."));
        calls.Clear();
        var others = Nodes();
        var next = others[(others.IndexOf(node) + 1) % others.Count];
        sink.Linked(
            LinkState.Stale,
            "",
            heard,
            next == node
                ? $"node {silent} does not answer"
                : $"node {silent} does not answer, {NameOf(next)} is tried"
        );
        Turn(next);
    }

    /// <summary>Watches anew, at this node.</summary>
    private void Turn(Address to)
    {
        node = to;
        watch.Session = clock.GetUtcNow().Ticks;
        watch.Heard = 0;
        doubtAt = clock.GetUtcNow() + TimeSpan.FromMilliseconds(ticket.StaleMs);
        Say();
    }

    private void Say()
    {
        said = clock.GetUtcNow();
        wishes = false;
        watch.Ticket = ticket.Token;
        watch.Hold = sink.IsFull;
        Door.Tell(watch.Clone());
    }

    /// <summary>All that have a door, as far as is known.</summary>
    private List<Address> Nodes() =>
        [
            .. ticket
                .Addresses.Select(Address.Parse)
                .Concat(
                    cluster
                        .State.Members.Where(member => !member.HasRole(ClusterNames.Client))
                        .Select(member => member.Address)
                )
                .Append(node)
                .Distinct(),
        ];

    private string NameOf(Address address)
    {
        var roles = cluster.State.Members.FirstOrDefault(m => m.Address == address)?.Roles ?? [];
        return roles.Select(ClusterNames.NodeOf).FirstOrDefault(name => name is not null)
                is { } name
                ? name
            : address == Address.Parse(ticket.Addresses[0]) ? ticket.Node
            : $"{address.Host}:{address.Port}";
    }
}
