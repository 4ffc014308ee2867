using Akka.Actor;
using Akka.Cluster.Sharding;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>Stands where the shard region does: wakes segments by their number, and lets them
/// go.</summary>
/// <param name="observer">Is told <see cref="Gone"/> and <see cref="LetGo"/>.</param>
public sealed class StandInRegion(Func<long, Props> props, IActorRef observer) : UntypedActor
{
    /// <summary>Any message to a segment.</summary>
    public sealed record ToSegment(long Segment, object Message);

    /// <summary>A segment has stopped; the next message wakes it anew.</summary>
    public sealed record Gone(long Segment);

    /// <summary>A segment asked to leave memory.</summary>
    public sealed record LetGo(long Segment);

    private readonly Dictionary<long, IActorRef> _segments = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SegmentRequest request:
                Awake(request.Segment).Forward(request);
                break;
            case ToSegment to:
                Awake(to.Segment).Forward(to.Message);
                break;
            case Passivate passivate:
                observer.Tell(new LetGo(NumberOf(Sender)));
                Sender.Tell(passivate.StopMessage);
                break;
            case Terminated gone:
                var number = NumberOf(gone.ActorRef);
                _segments.Remove(number);
                observer.Tell(new Gone(number));
                break;
        }
    }

    private IActorRef Awake(long number) =>
        _segments.TryGetValue(number, out var segment)
            ? segment
            : _segments[number] = Context.Watch(Context.ActorOf(props(number)));

    private long NumberOf(IActorRef segment) => _segments.First(s => s.Value.Equals(segment)).Key;
}
