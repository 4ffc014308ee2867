using System.Threading.Channels;
using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Listens to segments for one stream of a client. A segment that went away, or has not
/// answered, is asked again; its answer says how its jobs stand, so nothing is missed.</summary>
internal sealed class SubscriptionActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private readonly Func<IActorRef> _region;
    private readonly ChannelWriter<JobsMoved> _to;
    private readonly Dictionary<long, Subscribe> _wishes;
    private readonly HashSet<long> _unanswered;
    private readonly Dictionary<IActorRef, HashSet<long>> _heard = [];

    public SubscriptionActor(
        Func<IActorRef> region,
        IReadOnlyList<JidRange> jobs,
        bool withEvents,
        ChannelWriter<JobsMoved> to
    )
    {
        (_region, _to) = (region, to);
        _wishes = JidRanges
            .BySegment(jobs)
            .ToDictionary(
                s => s.Segment,
                s => new Subscribe { Jobs = { s.Ranges }, WithEvents = withEvents }
            );
        _unanswered = [.. _wishes.Keys];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Ask();
        Timers.StartPeriodicTimer(nameof(AskAgain), nameof(AskAgain), AskAgain);
    }

    protected override void PostStop()
    {
        _to.TryComplete();
        foreach (var segment in _wishes.Keys)
            Tell(segment, new Subscribe { End = true });
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobsMoved moved:
                Hear(moved);
                break;
            case Terminated gone when _heard.Remove(gone.ActorRef, out var segments):
                _unanswered.UnionWith(segments);
                Ask();
                break;
            case nameof(AskAgain):
                Ask();
                break;
        }
    }

    private void Hear(JobsMoved moved)
    {
        _unanswered.Remove(moved.Segment);
        if (!_heard.TryGetValue(Sender, out var segments))
        {
            _heard[Sender] = segments = [];
            Context.Watch(Sender);
        }
        segments.Add(moved.Segment);
        if (!_to.TryWrite(moved))
            _to.TryComplete(new SubscriptionOverflowException());
    }

    private void Ask()
    {
        foreach (var segment in _unanswered)
            Tell(segment, _wishes[segment]);
    }

    private void Tell(long segment, Subscribe wish) =>
        _region().Tell(new SegmentRequest { Segment = segment, Subscribe = wish });
}

/// <summary>A client read too slowly; it is told afresh how things stand.</summary>
internal sealed class SubscriptionOverflowException : Exception;
