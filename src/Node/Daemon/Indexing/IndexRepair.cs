using Akka.Actor;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Asks segments for all their rows after the index has lost some.</summary>
internal sealed class IndexRepair : ReceiveActor, IWithTimers
{
    /// <summary>The pause after a failed read of the journal.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="stale">Returns the segments that the index does not know completely.</param>
    public IndexRepair(IActorRef segments, Func<Task<IReadOnlyList<long>>> stale)
    {
        Receive<IndexFellBehind>(_ => stale().PipeTo(Self));
        Receive<IReadOnlyList<long>>(numbers =>
        {
            foreach (var number in numbers)
                segments.Tell(new SegmentRequest { Segment = number, Reindex = new Reindex() });
        });
        Receive<Akka.Actor.Status.Failure>(_ =>
            Timers.StartSingleTimer(nameof(IndexFellBehind), new IndexFellBehind(), RetryDelay)
        );
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef segments, Func<Task<IReadOnlyList<long>>> stale) =>
        Akka.Actor.Props.Create(() => new IndexRepair(segments, stale));

    protected override void PreStart() =>
        Context.System.EventStream.Subscribe(Self, typeof(IndexFellBehind));
}
