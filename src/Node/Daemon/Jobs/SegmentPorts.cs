using Akka.Actor;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Whom a segment talks to, and the limits it keeps.</summary>
/// <param name="Segments">The shard region: other segments.</param>
/// <param name="Scheduler">The proxy of the scheduler.</param>
/// <param name="Agents">The router to the nodes' agents.</param>
/// <param name="Index">The read model.</param>
/// <param name="MaxBatchEvents">How many events one commit carries at most.</param>
/// <param name="CheckInterval">How often attempts and open questions are asked about again.</param>
/// <param name="PassivateAfter">How long a finished segment stays in memory unasked.</param>
internal sealed record SegmentPorts(
    Func<IActorRef> Segments,
    IActorRef Scheduler,
    IActorRef Agents,
    IActorRef Index,
    JobRules Rules,
    TimeProvider Clock,
    int MaxBatchEvents,
    TimeSpan CheckInterval,
    TimeSpan PassivateAfter
)
{
    /// <summary>Microseconds since 1970.</summary>
    public long Now => Clock.NowMicroseconds();
}
