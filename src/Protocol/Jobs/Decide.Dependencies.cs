using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Jobs;

public static partial class Decide
{
    /// <summary>Registers dependents in another segment and sends them the outcome.</summary>
    public static void Register(PendingCommit batch, RegisterDependents request)
    {
        var key = (request.SubmissionFirst, request.DependentSegment);
        if (batch.Segment.DependentOf(key) is null)
            batch.Record(
                new JobEvent
                {
                    DependentsRegistered = new DependentsRegistered
                    {
                        SubmissionFirst = request.SubmissionFirst,
                        DependentSegment = request.DependentSegment,
                        Dependencies = { request.Dependencies },
                        Policy = request.Policy,
                    },
                }
            );
        batch.Effects.SendOutcome(request.SubmissionFirst, request.DependentSegment);
    }

    /// <summary>Applies the outcome of dependencies in one segment. A repeated outcome changes
    /// nothing.</summary>
    public static void Settle(PendingCommit batch, DependencyOutcome outcome)
    {
        var worst = outcome.Open ? Status.Unspecified : outcome.Worst;
        if (
            batch.Segment.Slice(outcome.SubmissionFirst) is not { } slice
            || !slice.Gates.TryGetValue(outcome.Segment, out var gate)
            || gate.Worst == worst
        )
            return;
        var e = new JobEvent { Jid = slice.First, Count = slice.Count };
        if (outcome.Open)
            e.DependencyReopened = new DependencyReopened
            {
                SubmissionFirst = outcome.SubmissionFirst,
                Segment = outcome.Segment,
                Dependency = outcome.Dependency > 0 ? outcome.Dependency : gate.Dependency,
            };
        else
            e.DependencySettled = new DependencySettled
            {
                SubmissionFirst = outcome.SubmissionFirst,
                Segment = outcome.Segment,
                Worst = outcome.Worst,
                Dependency = outcome.Dependency,
            };
        batch.Record(e);
    }
}
