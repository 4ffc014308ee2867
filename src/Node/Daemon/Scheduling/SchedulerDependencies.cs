using Akka.Actor;
using JobCloud.Node.Daemon.Telemetry;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Dependencies of the scheduler.</summary>
/// <param name="Segments">The shard region, which receives SegmentRequest.</param>
/// <param name="Agents">The router that forwards a message to the agent of the node it
/// names.</param>
/// <param name="UnfinishedSegments">Reads from the store which segments have unfinished
/// jobs.</param>
/// <param name="Drains">Stores the drains, which outlive the scheduler.</param>
/// <param name="LostNodeDetector">
/// Props of a child that sends <see cref="NodeLeft"/> to its parent; null: nodes never leave.
/// </param>
internal sealed record SchedulerDependencies(
    IActorRef Segments,
    IActorRef Agents,
    Func<Task<IReadOnlyList<long>>> UnfinishedSegments,
    IDrainStore Drains,
    Props? LostNodeDetector,
    TimeProvider Clock
)
{
    public NodeMeters Meters { get; init; } = NodeMeters.None;
}

/// <summary>Whether the other nodes reach a node.</summary>
internal sealed record NodeReach(string Node, bool IsReached);

/// <summary>A node session is lost: it has left the cluster, and none of its processes is
/// alive.</summary>
/// <param name="Planned">The node left by itself: its attempts do not count as crashes.</param>
internal sealed record NodeLeft(string Node, bool Planned);
