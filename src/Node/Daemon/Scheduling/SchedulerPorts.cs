using Akka.Actor;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>All that the scheduler reaches.</summary>
/// <param name="Segments">The shard region: takes SegmentRequest.</param>
/// <param name="Agents">The router that passes a message on to the agent of the node it
/// names.</param>
/// <param name="UnfinishedSegments">Asks the store which segments have unfinished jobs.</param>
/// <param name="Drains">Where drains outlive the scheduler.</param>
/// <param name="Departures">
/// Props of a child that tells its parent <see cref="NodeLeft"/>; null: nodes never leave.
/// </param>
internal sealed record SchedulerPorts(
    IActorRef Segments,
    IActorRef Agents,
    Func<Task<IReadOnlyList<long>>> UnfinishedSegments,
    IDrainStore Drains,
    Props? Departures,
    TimeProvider Time
);

/// <summary>A node has left the cluster for good: nothing of this session of it lives.</summary>
/// <param name="Planned">It left by itself: its attempts do not count as crashes.</param>
internal sealed record NodeLeft(string Node, bool Planned);
