using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Stands in for a segment whose rows the store cannot read: refuses each request at
/// once, where the segment itself would stop without an answer.</summary>
internal sealed class DamagedSegmentActor : ReceiveActor
{
    public DamagedSegmentActor(long number, string damage)
    {
        var refusal = Refusals.Of(
            RefusalCode.Internal,
            $"Jobs {Segments.First(number)}-{Segments.Last(number)} cannot be read: {damage}"
        );
        Receive<SegmentRequest>(request =>
            Sender.Tell(
                request.Subscribe is null
                    ? new SegmentReply { Segment = number, Refusal = refusal }
                    : new JobsMoved { Segment = number, Refusal = refusal }
            )
        );
    }

    public static Props Props(long number, string damage) =>
        Akka.Actor.Props.Create(() => new DamagedSegmentActor(number, damage));
}
