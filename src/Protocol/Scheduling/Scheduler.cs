using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Decides which jobs run on which nodes next.</summary>
public static class Scheduler
{
    /// <summary>
    /// Runs one round: assigns all jobs that can be assigned at `now` (µs) and records that in the
    /// ledger, so that a second round adds nothing.
    /// </summary>
    public static Plan Solve(Ledger ledger, SchedulingPolicy policy, long now)
    {
        var limits = policy.Limits;
        var ask = ledger.Advance(limits, now);
        var kills = MapFailureLimit.Take(ledger, limits, now);
        Reservations.Renew(ledger, policy, now);

        var assignments = new List<Assignment>();
        while (Place(new FreeCapacity(policy.Choice)) | Place(new PrefetchCapacity(limits, now)))
            continue;
        var recalls = Recalls.Take(ledger, policy, now, out var nextRecall);
        ledger.Prune(limits, now);

        return new Plan
        {
            Assignments = assignments,
            Holds = Holds(ledger),
            Notices = ledger.TakeNotices(),
            Kills = kills,
            Recalls = recalls,
            SegmentsToAsk = ask,
            NextRoundAt = Earliest(
                ledger.NextAdvance(limits),
                Reservations.Next(ledger, limits, now),
                MapFailureLimit.Next(ledger, limits),
                nextRecall
            ),
        };

        bool Place(ICapacity stage)
        {
            var round = new Round(ledger, policy.Order, stage, now, assignments);
            round.Run();
            return round.EndedReservation;
        }
    }

    private static List<Hold> Holds(Ledger ledger)
    {
        var holds = new List<Hold>();
        foreach (var shape in ledger.Shapes)
            if (shape.Head is not null)
                holds.Add(new Hold(shape, Feasibility.HoldOf(shape) ?? HoldReason.NoRoom));
        return holds;
    }

    private static long? Earliest(params ReadOnlySpan<long?> instants)
    {
        long? earliest = null;
        foreach (var instant in instants)
            if (instant is not null && (earliest is null || instant < earliest))
                earliest = instant;
        return earliest;
    }
}
