using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Scheduling;
using SegmentSpan = JobCloud.Protocol.Notation.Segments;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Sends the scheduler's plans to the segments, in few messages per segment, and its
/// recalls to the agents.</summary>
internal sealed class PlanSender(IActorRef segments, IActorRef agents, IActorRef self, long epoch)
{
    private const string By = "scheduler";

    private readonly Dictionary<long, AssignJobs> _batches = [];

    /// <summary>Sends a plan. Changes of nodes go first: they concern attempts that the segments
    /// know.</summary>
    public void Send(Plan plan)
    {
        foreach (var (segment, changed) in plan.Notices)
            Tell(new SegmentRequest { Segment = segment, NodeChanged = changed });
        foreach (var kill in plan.Kills)
            Tell(new SegmentRequest { Segment = kill.Segment, Change = Change(kill) });
        SendAssignments(plan.Assignments);
        foreach (var (node, jobs) in plan.Recalls)
            agents.Tell(new RecallAttempts { Node = node, Jobs = { jobs } }, self);
        foreach (var segment in plan.SegmentsToAsk)
            RequestReport(segment);
    }

    /// <summary>Requests a full report from a segment.</summary>
    public void RequestReport(long segment) =>
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
        // The scheduler acts on all users' jobs.
        (request.By, request.Admin) = (By, true);
        segments.Tell(request, self);
    }
}
