using Akka.Actor;
using Akka.Cluster.Sharding;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>A substitute for the shard region: starts segments by number and passivates
/// them.</summary>
/// <param name="observer">Receives <see cref="SegmentStopped"/> and <see
/// cref="PassivationRequested"/>.</param>
public sealed class TestRegion(Func<long, Props> props, IActorRef observer) : UntypedActor
{
    /// <summary>Any message to a segment.</summary>
    public sealed record ToSegment(long Segment, object Message);

    /// <summary>A segment has stopped; the next message starts it again.</summary>
    public sealed record SegmentStopped(long Segment);

    /// <summary>A segment has asked to passivate.</summary>
    public sealed record PassivationRequested(long Segment);

    private readonly Dictionary<long, IActorRef> _segments = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SegmentRequest request:
                Started(request.Segment).Forward(request);
                break;
            case ToSegment to:
                Started(to.Segment).Forward(to.Message);
                break;
            case Passivate passivate:
                observer.Tell(new PassivationRequested(NumberOf(Sender)));
                Sender.Tell(passivate.StopMessage);
                break;
            case Terminated ended:
                var number = NumberOf(ended.ActorRef);
                _segments.Remove(number);
                observer.Tell(new SegmentStopped(number));
                break;
        }
    }

    private IActorRef Started(long number) =>
        _segments.TryGetValue(number, out var segment)
            ? segment
            : _segments[number] = Context.Watch(Context.ActorOf(props(number)));

    private long NumberOf(IActorRef segment) => _segments.First(s => s.Value.Equals(segment)).Key;
}
