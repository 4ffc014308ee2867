using Akka.Actor;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Tells the feed of one other node what the segments of this node say, gathered.</summary>
public sealed class FeedShareActor : UntypedActor, IWithTimers
{
    private readonly IActorRef asker;
    private readonly FeedPorts ports;
    private SegmentGather gather = null!;
    private FeedRequest last = new() { Session = -1 };
    private long number;
    private bool isKnown;

    public FeedShareActor(IActorRef asker, FeedPorts ports) =>
        (this.asker, this.ports) = (asker, ports);

    public static Props Props(IActorRef asker, FeedPorts ports) =>
        Akka.Actor.Props.Create(() => new FeedShareActor(asker, ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tell), Tick.Instance, ports.Feed.Interval);
        Context.SetReceiveTimeout(ports.Door.ForgetAfter);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FeedRequest { End: true }:
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
            case FeedRequest request when request.Session > last.Session:
                Begin(request);
                break;
            case FeedRequest request when request.Session == last.Session:
                last.Heard = Math.Max(last.Heard, request.Heard);
                break;
            case RowsNow now:
                foreach (var segment in now.Segments)
                    gather.Add(SegmentNewsOf.Of(segment));
                gather.Truncate(now.Oldest);
                isKnown = true;
                break;
            case SliceRows changed when isKnown:
                gather.Add(SegmentNewsOf.Of(changed));
                break;
            case Tick when isKnown && last.Heard == number && !gather.IsEmpty:
                Tell();
                break;
        }
    }

    private void Begin(FeedRequest request)
    {
        (last, number, isKnown) = (request, 0, false);
        gather = new SegmentGather(ports.Door.MessageBytes, ports.Feed.EventsMost);
        ports.Index.Tell(new ListenToRows(ports.Feed.RowsMost));
    }

    private void Tell()
    {
        foreach (var part in gather.Take())
        {
            (part.Session, part.Number) = (last.Session, ++number);
            asker.Tell(part, Context.Parent);
        }
    }

    private sealed class Tick : INotInfluenceReceiveTimeout
    {
        public static readonly Tick Instance = new();
    }
}
