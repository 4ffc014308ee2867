using Akka.Actor;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Dependencies and limits of a segment.</summary>
/// <param name="Segments">The shard region, which reaches other segments.</param>
/// <param name="Scheduler">The proxy of the scheduler.</param>
/// <param name="Agents">The router to the nodes' agents.</param>
/// <param name="Index">This node's index.</param>
/// <param name="Damage">The damage found in the store.</param>
/// <param name="MaxBatchEvents">Maximum number of events per commit.</param>
/// <param name="CheckInterval">Interval at which open requests and attempts are checked.</param>
/// <param name="EraseWithin">How long data of a deleted job may stay on the disk.</param>
/// <param name="History">Reads the events of a segment up to a row; null: a row is damaged.</param>
/// <param name="Sweeper">Deletes rows that a later one replaces.</param>
/// <param name="PassivateAfter">How long an unused finished segment stays in memory.</param>
internal sealed record SegmentDependencies(
    Func<IActorRef> Segments,
    IActorRef Scheduler,
    IActorRef Agents,
    IActorRef Index,
    JobRules Rules,
    TimeProvider Clock,
    StoreDamage Damage,
    int MaxBatchEvents,
    TimeSpan CheckInterval,
    TimeSpan PassivateAfter,
    TimeSpan EraseWithin,
    Func<long, long, Task<SegmentHistory?>> History,
    IActorRef Sweeper
)
{
    public NodeMeters Meters { get; init; } = NodeMeters.None;

    /// <summary>Null: no collector wants spans.</summary>
    public SpanExporter? Spans { get; init; }

    /// <summary>Removes what only deleted jobs referred to.</summary>
    public IActorRef Blobs { get; init; } = ActorRefs.Nobody;

    /// <summary>Microseconds since 1970.</summary>
    public long Now => Clock.NowMicroseconds();
}
