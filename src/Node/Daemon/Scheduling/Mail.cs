using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Scheduling;
using SegmentSpan = JobCloud.Protocol.Batches.Segments;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Puts plans into messages, few to a segment.</summary>
internal sealed class Mail(IActorRef segments, IActorRef self, long epoch)
{
    private const string By = "scheduler";

    private readonly Dictionary<long, AssignJobs> _batches = [];

    /// <summary>What changed with the nodes goes first: it is about attempts that segments
    /// know.</summary>
    public void Send(Plan plan)
    {
        foreach (var (segment, changed) in plan.Notices)
            Tell(new SegmentRequest { Segment = segment, NodeChanged = changed });
        foreach (var kill in plan.Kills)
            Tell(new SegmentRequest { Segment = kill.Segment, Change = Change(kill) });
        SendAssignments(plan.Assignments);
        foreach (var segment in plan.Ask)
            Hello(segment);
    }

    /// <summary>Asks a segment for all it has.</summary>
    public void Hello(long segment) =>
        Tell(
            new SegmentRequest
            {
                Segment = segment,
                Scheduler = new SchedulerHello { Epoch = epoch },
            }
        );

    private void SendAssignments(IReadOnlyList<Assignment> assignments)
    {
        foreach (var assignment in assignments)
        {
            var segment = SegmentSpan.Of(assignment.First);
            if (!_batches.TryGetValue(segment, out var batch))
                _batches.Add(segment, batch = new AssignJobs());
            batch.Assignments.Add(assignment);
        }
        foreach (var (segment, batch) in _batches)
            Tell(new SegmentRequest { Segment = segment, Assign = batch });
        _batches.Clear();
    }

    private static ChangeJobs Change(MapKill kill)
    {
        var change = new ChangeJobs
        {
            Change = Protocol.Nodes.Change.Kill,
            Reason = new Reason { Code = ReasonCode.MaxFails, Number = kill.MaxFails },
        };
        change.Jobs.AddRange(kill.Jobs);
        return change;
    }

    private void Tell(SegmentRequest request)
    {
        // The jobs are any user's.
        (request.By, request.Admin) = (By, true);
        segments.Tell(request, self);
    }
}
