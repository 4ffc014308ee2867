namespace JobCloud.Protocol.Scheduling;

/// <summary>Reserves a node for each starving job, which others overtook for too long.</summary>
internal static class Reservations
{
    public static void Renew(Ledger ledger, SchedulingPolicy policy, long now)
    {
        foreach (var node in ledger.Nodes)
            if (node.ReservedFor is { } shape && !Keeps(node, shape, policy.Limits, now))
                node.ReservedFor = null;

        var starving = ledger
            .Shapes.Where(shape => Starves(shape, policy.Limits, now))
            .OrderBy(shape => OrderKey.Of(shape, policy.Order));
        foreach (var shape in starving)
            if (
                !ledger.Nodes.Any(node => node.ReservedFor == shape)
                && MostFree(shape, ledger) is { } node
            )
                node.ReservedFor = shape;
    }

    /// <summary>When the next job starts to starve; null: none.</summary>
    public static long? Next(Ledger ledger, SchedulingLimits limits, long now)
    {
        var next = long.MaxValue;
        foreach (var shape in ledger.Shapes)
            if (shape is { Head: not null, PassedOverSince: > 0 })
                if (shape.PassedOverSince + limits.Starvation is var at && at > now)
                    next = Math.Min(next, at);
        return next == long.MaxValue ? null : next;
    }

    private static bool Starves(Shape shape, SchedulingLimits limits, long now) =>
        shape is { Head: not null, PassedOverSince: > 0 }
        && now - shape.PassedOverSince >= limits.Starvation
        && Feasibility.HoldOf(shape) is null;

    private static bool Keeps(NodeAccount node, Shape shape, SchedulingLimits limits, long now) =>
        node.Accepts && node.CouldHold(shape.Demand) && Starves(shape, limits, now);

    /// <summary>The node with the most free cores, as runtimes of jobs are unknown.</summary>
    private static NodeAccount? MostFree(Shape shape, Ledger ledger)
    {
        NodeAccount? best = null;
        foreach (var node in ledger.Nodes)
        {
            if (
                node.ReservedFor is not null
                || Feasibility.HardObstacle(shape, node, ledger) != Obstacle.None
            )
                continue;
            if (best is null || Rank(node).CompareTo(Rank(best)) > 0)
                best = node;
        }
        return best;

        static (int, long) Rank(NodeAccount node) => (node.CoresFree, node.MemoryFree);
    }
}
