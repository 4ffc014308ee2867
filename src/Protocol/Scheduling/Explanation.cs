using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Explains why a queued job waits, with the same checks as the round.</summary>
public static class Explanation
{
    /// <summary>Status, sentence, a verdict for each node, and the number of queued jobs
    /// ahead.</summary>
    public static ExplainReply Of(Ledger ledger, SchedulingPolicy policy, Jid jid, long now)
    {
        if (ledger.Queued(jid) is not { } range)
            return NotQueued(ledger, jid);
        var reply = new ExplainReply
        {
            Jid = jid,
            Status = Status.Queued,
            Summary = WaitReason(ledger, policy, range, now),
            Ahead = Ahead(ledger, policy.Order, range, jid),
        };
        var held = OfAllNodes(range, now);
        foreach (var node in ledger.Nodes)
            reply.Nodes.Add(Verdict(ledger, policy.Limits, range.Shape, node, held, now));
        return reply;
    }

    /// <summary>Whether a job that has not started waits for the place of another one, which runs:
    /// no node has room for it, and the node of the other one is busy.</summary>
    public static bool IsHeldUp(
        Ledger ledger,
        SchedulingPolicy policy,
        Jid jid,
        Jid holder,
        long now
    )
    {
        if (ledger.NodeOf(holder) is not { } place)
            return false;
        if (ledger.Queued(jid) is not { } range)
            return ledger.NodeOf(jid) == place;
        return OfAllNodes(range, now) is null
            && ledger.Nodes.All(node => On(node) != Obstacle.None)
            && On(place) is Obstacle.CoresBusy or Obstacle.MemoryBusy;

        Obstacle On(NodeAccount node) =>
            Feasibility.Between(range.Shape, node, ledger, policy.Limits, now);
    }

    /// <summary>One sentence on why the jobs of a queued range are not assigned.</summary>
    public static string WaitReason(
        Ledger ledger,
        SchedulingPolicy policy,
        QueuedRange range,
        long now
    )
    {
        if (OfAllNodes(range, now) is { } held)
            return held;
        var all = new List<(NodeAccount Node, Obstacle Obstacle)>();
        foreach (var node in ledger.Nodes)
            all.Add((node, Feasibility.Between(range.Shape, node, ledger, policy.Limits, now)));
        return all.Any(entry => entry.Obstacle == Obstacle.None)
            ? "it is about to be assigned"
            : WaitReasons.Of(all, range.Shape.Demand);
    }

    /// <summary>The number of queued jobs ahead of this one, in the current order.</summary>
    public static long Ahead(Ledger ledger, IJobOrder order, QueuedRange range, Jid jid)
    {
        var key = OrderKey.Of(range.Shape, range, order) with { Jid = jid };
        var ahead = 0L;
        foreach (var shape in ledger.Shapes)
        foreach (var other in shape.Ranges)
            if (OrderKey.Of(shape, other, order).CompareTo(key) < 0)
                ahead += other == range ? jid - range.First : other.Count;
        return ahead;
    }

    /// <summary>The obstacle that applies to all nodes; null: none.</summary>
    private static string? OfAllNodes(QueuedRange range, long now)
    {
        if (range.Due > now)
            return WaitReasons.Retry(range.Due, now);
        return Feasibility.HoldOf(range.Shape) is { } reason
            ? WaitReasons.Of(reason, range.Shape.Demand.Map!)
            : null;
    }

    private static NodeVerdict Verdict(
        Ledger ledger,
        SchedulingLimits limits,
        Shape shape,
        NodeAccount node,
        string? held,
        long now
    )
    {
        var obstacle = Feasibility.Between(shape, node, ledger, limits, now);
        return new NodeVerdict
        {
            Node = node.Name,
            FitsNow = held is null && obstacle == Obstacle.None,
            Why = held ?? WaitReasons.Of(obstacle, shape.Demand, node),
        };
    }

    private static ExplainReply NotQueued(Ledger ledger, Jid jid) =>
        new()
        {
            Jid = jid,
            Summary = ledger.NodeOf(jid) is { } node
                ? $"job {jid} is assigned to node {node.Name}"
                : $"job {jid} is not queued",
        };
}
