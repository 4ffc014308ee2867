namespace JobCloud.Protocol.Scheduling;

/// <summary>The first reason why a node cannot take a job now.</summary>
public enum Obstacle
{
    None,
    NeverHeardOf,
    Lost,
    Draining,
    TooFewCores,
    TooLittleMemory,
    CannotIsolate,
    Avoided,
    Reserved,
    CoresBusy,
    MemoryBusy,
}

/// <summary>Checks the hard constraints, for the round that assigns jobs and for
/// explanations.</summary>
public static class Feasibility
{
    /// <summary>Why no node may take a shape's jobs; null: there is no such reason.</summary>
    public static HoldReason? Held(Shape shape) =>
        shape.Demand.Map switch
        {
            { Condemned: true } => HoldReason.MaxFails,
            { Allowance: 0 } => HoldReason.MaxParallel,
            _ => null,
        };

    public static Obstacle Between(
        Shape shape,
        NodeAccount node,
        Ledger ledger,
        SchedulingLimits limits,
        long now
    )
    {
        var bar = Bar(shape, node, ledger);
        if (bar != Obstacle.None)
            return bar;
        if (node.RoomNow(shape.Demand) > 0)
            return Obstacle.None;
        if (node.RoomAhead(shape.Demand, node.AheadAllowed(limits, now)) > 0)
            return Obstacle.None;
        return node.CoresFree < shape.Demand.Cores ? Obstacle.CoresBusy : Obstacle.MemoryBusy;
    }

    /// <summary>Why even an idle node cannot take a shape's jobs.</summary>
    internal static Obstacle Bar(Shape shape, NodeAccount node, Ledger ledger)
    {
        if (node.Gone)
            return Obstacle.Lost;
        if (node.Offer is null)
            return Obstacle.NeverHeardOf;
        if (node.Draining)
            return Obstacle.Draining;
        if (node.Cores < shape.Demand.Cores)
            return Obstacle.TooFewCores;
        if (node.Memory < shape.Demand.Memory)
            return Obstacle.TooLittleMemory;
        if (node.Lacks(shape.Demand.Needs) is not null)
            return Obstacle.CannotIsolate;
        if (shape.AvoidNode == node.Name && HasAnother(shape, node, ledger))
            return Obstacle.Avoided;
        return node.ReservedFor is { } other && other != shape && shape.Priority >= other.Priority
            ? Obstacle.Reserved
            : Obstacle.None;
    }

    private static bool HasAnother(Shape shape, NodeAccount avoided, Ledger ledger)
    {
        foreach (var node in ledger.Nodes)
            if (node != avoided && node.Accepts && node.CouldHold(shape.Demand))
                return true;
        return false;
    }
}
