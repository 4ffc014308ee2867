using Akka.Actor;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Asks segments for all their rows after the index has lost some.</summary>
internal sealed class IndexRepair : ReceiveActor
{
    /// <param name="stale">Returns the segments that the index does not know completely.</param>
    public IndexRepair(IActorRef segments, Func<Task<IReadOnlyList<long>>> stale)
    {
        Receive<IndexFellBehind>(_ => stale().PipeTo(Self));
        Receive<IReadOnlyList<long>>(numbers =>
        {
            foreach (var number in numbers)
                segments.Tell(new SegmentRequest { Segment = number, Reindex = new Reindex() });
        });
        Receive<Akka.Actor.Status.Failure>(_ => Self.Tell(new IndexFellBehind()));
    }

    public static Props Props(IActorRef segments, Func<Task<IReadOnlyList<long>>> stale) =>
        Akka.Actor.Props.Create(() => new IndexRepair(segments, stale));

    protected override void PreStart() =>
        Context.System.EventStream.Subscribe(Self, typeof(IndexFellBehind));
}
