using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Sends batched changes of this node's segments to the feed of one other node.</summary>
internal sealed class FeedShareActor : UntypedActor, IWithTimers
{
    private readonly IActorRef _subscriber;
    private readonly FeedDependencies _ports;
    private SegmentNewsBuffer _gather = null!;
    private FeedRequest _last = new() { Session = -1 };
    private long _number;
    private bool _isKnown;

    public FeedShareActor(IActorRef subscriber, FeedDependencies ports) =>
        (_subscriber, _ports) = (subscriber, ports);

    public static Props Props(IActorRef subscriber, FeedDependencies ports) =>
        Akka.Actor.Props.Create(() => new FeedShareActor(subscriber, ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tell), Tick.Instance, _ports.Feed.Interval);
        Context.SetReceiveTimeout(_ports.ClientGateway.ForgetAfter);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FeedRequest { End: true }:
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
            case FeedRequest request when request.Session > _last.Session:
                Begin(request);
                break;
            case FeedRequest request when request.Session == _last.Session:
                _last.Heard = Math.Max(_last.Heard, request.Heard);
                break;
            case CurrentRows now:
                foreach (var segment in now.Segments)
                    _gather.Add(SegmentNewsBuilder.Of(segment));
                _gather.Truncate(now.Oldest);
                _isKnown = true;
                break;
            case SliceRows changed when _isKnown:
                _gather.Add(SegmentNewsBuilder.Of(changed));
                break;
            case Tick when _isKnown && _last.Heard == _number && !_gather.IsEmpty:
                Tell();
                break;
        }
    }

    private void Begin(FeedRequest request)
    {
        (_last, _number, _isKnown) = (request, 0, false);
        _gather = new SegmentNewsBuffer(_ports.ClientGateway.MessageBytes, _ports.Feed.MaxEvents);
        _ports.Index.Tell(new SubscribeToRows(_ports.Feed.MaxRows));
    }

    private void Tell()
    {
        foreach (var part in _gather.Take())
        {
            (part.Session, part.Number) = (_last.Session, ++_number);
            _subscriber.Tell(part, Context.Parent);
        }
    }

    private sealed class Tick : INotInfluenceReceiveTimeout
    {
        public static readonly Tick Instance = new();
    }
}
