using System.Threading.Channels;
using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Subscribes to segments for one stream of a client. It resubscribes to a segment that
/// stopped or has not answered; the reply starts with current statuses, so no change is
/// missed.</summary>
internal sealed class SubscriptionActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly Func<IActorRef> _region;
    private readonly ChannelWriter<JobsMoved> _to;
    private readonly Dictionary<long, Subscribe> _subscriptions;
    private readonly HashSet<long> _unanswered;
    private readonly Dictionary<IActorRef, HashSet<long>> _answered = [];

    public SubscriptionActor(
        Func<IActorRef> region,
        IReadOnlyList<JidRange> jobs,
        bool withEvents,
        ChannelWriter<JobsMoved> to
    )
    {
        (_region, _to) = (region, to);
        _subscriptions = JidRanges
            .BySegment(jobs)
            .ToDictionary(
                s => s.Segment,
                s => new Subscribe { Jobs = { s.Ranges }, WithEvents = withEvents }
            );
        _unanswered = [.. _subscriptions.Keys];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Ask();
        Timers.StartPeriodicTimer(nameof(RetryInterval), nameof(RetryInterval), RetryInterval);
    }

    protected override void PostStop()
    {
        _to.TryComplete();
        foreach (var segment in _subscriptions.Keys)
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
                _unanswered.UnionWith(segments);
                Ask();
                break;
            case nameof(RetryInterval):
                Ask();
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
        if (!_to.TryWrite(moved))
            _to.TryComplete(new SubscriptionOverflowException());
    }

    private void Ask()
    {
        foreach (var segment in _unanswered)
            Tell(segment, _subscriptions[segment]);
    }

    private void Tell(long segment, Subscribe subscription) =>
        _region().Tell(new SegmentRequest { Segment = segment, Subscribe = subscription });
}

/// <summary>A client read too slowly; its stream starts over with current statuses.</summary>
internal sealed class SubscriptionOverflowException : Exception;
