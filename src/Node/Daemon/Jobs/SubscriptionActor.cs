using System.Threading.Channels;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Subscribes to segments for one stream of a client. It resubscribes to a segment that
/// stopped or has not answered; the reply starts with current statuses, so no change is missed.
/// Subscribes to further segments as the client reads.</summary>
internal sealed class SubscriptionActor : UntypedActor, IWithTimers
{
    /// <summary>Segments asked at the same time, and changes that wait for the client while further
    /// segments are asked.</summary>
    public const int Window = 64;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly Func<IActorRef> _region;
    private readonly Identity _by;
    private readonly Channel<JobsMoved> _to;
    private readonly Dictionary<long, Subscribe> _subscriptions;
    private readonly Queue<long> _unasked;
    private readonly HashSet<long> _unanswered = [];
    private readonly Dictionary<IActorRef, HashSet<long>> _answered = [];

    public SubscriptionActor(
        Func<IActorRef> region,
        IReadOnlyList<JidRange> jobs,
        bool withEvents,
        Identity by,
        Channel<JobsMoved> to
    )
    {
        (_region, _by, _to) = (region, by, to);
        _subscriptions = JidRanges
            .BySegment(jobs)
            .ToDictionary(
                s => s.Segment,
                s => new Subscribe { Jobs = { s.Ranges }, WithEvents = withEvents }
            );
        _unasked = new Queue<long>(_subscriptions.Keys);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Tells the actor that the client has read all changes.</summary>
    public sealed class Drained
    {
        public static readonly Drained Instance = new();
    }

    protected override void PreStart()
    {
        AskMore();
        Timers.StartPeriodicTimer(nameof(RetryInterval), nameof(RetryInterval), RetryInterval);
    }

    protected override void PostStop()
    {
        _to.Writer.TryComplete();
        foreach (var segment in _subscriptions.Keys.Except(_unasked))
            Tell(segment, new Subscribe { End = true });
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobsMoved moved:
                Receive(moved);
                break;
            case Terminated ended when _answered.Remove(ended.ActorRef, out var segments):
                foreach (var segment in segments)
                    _unasked.Enqueue(segment);
                AskMore();
                break;
            case Drained:
                AskMore();
                break;
            case nameof(RetryInterval):
                foreach (var segment in _unanswered)
                    Tell(segment, _subscriptions[segment]);
                AskMore();
                break;
        }
    }

    private void Receive(JobsMoved moved)
    {
        _unanswered.Remove(moved.Segment);
        if (!_answered.TryGetValue(Sender, out var segments))
        {
            _answered[Sender] = segments = [];
            Context.Watch(Sender);
        }
        segments.Add(moved.Segment);
        if (!_to.Writer.TryWrite(moved))
            _to.Writer.TryComplete(new SubscriptionOverflowException());
        AskMore();
    }

    private void AskMore()
    {
        while (
            _unanswered.Count < Window
            && _to.Reader.Count < Window
            && _unasked.TryDequeue(out var segment)
        )
        {
            _unanswered.Add(segment);
            Tell(segment, _subscriptions[segment]);
        }
    }

    private void Tell(long segment, Subscribe subscription) =>
        _region()
            .Tell(
                new SegmentRequest
                {
                    Segment = segment,
                    Subscribe = subscription,
                    By = _by.User,
                    Admin = _by.IsAdmin,
                }
            );
}

/// <summary>A client read too slowly; its stream starts over with current statuses.</summary>
internal sealed class SubscriptionOverflowException : Exception;
