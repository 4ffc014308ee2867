using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Scheduling;

/// <summary>
/// Takes back attempts that wait at their node, which cannot start them as soon as it was expected
/// to. Only late ones are taken: at its usual pace a node starts all that it prefetched before
/// that, so that none goes back and forth.
/// </summary>
internal static class Recalls
{
    private readonly record struct Waiting(Jid Jid, AttemptSlot Attempt);

    /// <summary>The attempts to recall now.</summary>
    /// <param name="next">When to look again if nothing changes before; null: never.</param>
    public static List<Recall> Take(
        Ledger ledger,
        SchedulingPolicy policy,
        long now,
        out long? next
    )
    {
        next = null;
        if (!ledger.Nodes.Any(static node => node.IsOverfull))
            return [];
        // A look reads all attempts.
        if (ledger.LookedForRecallsAt + policy.Limits.Prefetch is var due && now < due)
        {
            next = due;
            return [];
        }
        ledger.LookedForRecallsAt = now;

        var recalls = new List<Recall>();
        foreach (var (node, unstarted) in Unstarted(ledger))
        {
            var wanted = Wanted(ledger, policy, node, Behind(node, unstarted), now, ref next);
            if (wanted.Count == 0)
                continue;
            var jobs = new List<JidRange>();
            foreach (var jid in wanted.Order())
            {
                ledger.Attempts.Recall(jid, now);
                JidRanges.Append(jobs, jid);
            }
            recalls.Add(new Recall(node.Name, jobs));
        }
        return recalls;
    }

    private static IEnumerable<(NodeAccount Node, List<Waiting> Attempts)> Unstarted(Ledger ledger)
    {
        var nodes = new SortedDictionary<string, (NodeAccount, List<Waiting>)>(
            StringComparer.Ordinal
        );
        foreach (var node in ledger.Nodes)
            if (node.IsOverfull)
                nodes.Add(node.Name, (node, []));
        foreach (var segment in ledger.Attempts.Segments)
        foreach (var (jid, attempt) in ledger.Attempts.In(segment))
            if (
                attempt.Stage != SlotStage.Processing
                && nodes.TryGetValue(attempt.Node!.Name, out var of)
            )
                of.Item2.Add(new Waiting(jid, attempt));
        return nodes.Values;
    }

    /// <summary>Those that must wait for the end of another: the node starts the most urgent ones
    /// that fit.</summary>
    private static IEnumerable<Waiting> Behind(NodeAccount node, List<Waiting> unstarted)
    {
        var cores = node.Cores - node.CoresProcessing;
        var memory = node.Memory - node.MemoryProcessing;
        unstarted.Sort(InTurn);
        foreach (var one in unstarted)
        {
            var demand = one.Attempt.Demand!;
            var share = node.MemoryOf(demand);
            if (demand.Cores <= cores && share <= memory)
                (cores, memory) = (cores - demand.Cores, memory - share);
            else
                yield return one;
        }
    }

    private static List<Jid> Wanted(
        Ledger ledger,
        SchedulingPolicy policy,
        NodeAccount node,
        IEnumerable<Waiting> behind,
        long now,
        ref long? next
    )
    {
        var (late, overdue) = (policy.Limits.Late, policy.Limits.Overdue);
        var again = policy.Limits.Confirm;
        var wanted = new List<Jid>();
        OrderKey? urgent = null;
        foreach (var (jid, attempt) in behind)
        {
            var age = now - attempt.SentAt;
            // The recall may have overtaken the order to start.
            if (attempt.RecalledAt > 0 && now - attempt.RecalledAt is var since && since < again)
                next = Sooner(next, now + again - since);
            else if (age < late)
                next = Sooner(next, now + late - age);
            else if (
                attempt.IsMoved
                || MayRunElsewhere(
                    attempt,
                    node,
                    ledger,
                    static (other, demand) => other.RoomNow(demand) > 0
                )
                || Yields(attempt, urgent ??= MostUrgent(ledger, policy, node), policy, node)
            )
                wanted.Add(jid);
            else if (!MayRunElsewhere(attempt, node, ledger, static (_, _) => true))
                continue;
            else if (age >= overdue)
                wanted.Add(jid);
            else
                next = Sooner(next, now + overdue - age);
        }
        return wanted;
    }

    /// <summary>Whether a queued job that may run here comes before an attempt.</summary>
    private static bool Yields(
        AttemptSlot attempt,
        OrderKey urgent,
        SchedulingPolicy policy,
        NodeAccount node
    )
    {
        if (node.ReservedFor is { Head: not null } kept && kept.Priority <= attempt.Priority)
            return true;
        var demand = attempt.Demand!;
        // Its own cores do not count against it.
        var own = new OrderKey(
            attempt.Priority,
            attempt.Restarted,
            policy.Order.Share(demand.Owner.CoresInUse - demand.Cores),
            urgent.Place,
            urgent.Jid
        );
        return urgent.CompareTo(own) < 0;
    }

    private static OrderKey MostUrgent(Ledger ledger, SchedulingPolicy policy, NodeAccount node)
    {
        var first = new OrderKey(int.MaxValue, false, long.MaxValue, long.MaxValue, default);
        foreach (var shape in ledger.Shapes)
        {
            if (shape.Head is null || Feasibility.HoldOf(shape) is not null)
                continue;
            var key = OrderKey.Of(shape, policy.Order);
            if (
                key.CompareTo(first) < 0
                && Feasibility.HardObstacle(shape, node, ledger) == Obstacle.None
            )
                first = key;
        }
        return first;
    }

    private static bool MayRunElsewhere(
        AttemptSlot attempt,
        NodeAccount here,
        Ledger ledger,
        Func<NodeAccount, Demand, bool> condition
    )
    {
        var demand = attempt.Demand!;
        foreach (var node in ledger.Nodes)
            if (
                node != here
                && node is { Accepts: true, ReservedFor: null }
                && node.Name != attempt.AvoidNode
                && node.CouldHold(demand)
                && condition(node, demand)
            )
                return true;
        return false;
    }

    private static int InTurn(Waiting a, Waiting b) =>
        a.Attempt.Priority != b.Attempt.Priority ? a.Attempt.Priority.CompareTo(b.Attempt.Priority)
        : a.Attempt.Restarted != b.Attempt.Restarted ? (a.Attempt.Restarted ? -1 : 1)
        : a.Jid.CompareTo(b.Jid);

    private static long Sooner(long? one, long other) =>
        one is { } known && known < other ? known : other;
}
