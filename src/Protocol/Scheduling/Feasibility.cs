namespace JobCloud.Protocol.Scheduling;

/// <summary>The first reason why a node cannot take a job now.</summary>
public enum Obstacle
{
    None,
    NoOffer,
    Lost,
    NotReady,
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
    /// <summary>The reason why no node can take a shape's jobs; null: none.</summary>
    public static HoldReason? HoldOf(Shape shape) =>
        shape.Demand.Map switch
        {
            { ReachedMaxFails: true } => HoldReason.MaxFails,
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
        var bar = HardObstacle(shape, node, ledger);
        if (bar != Obstacle.None)
            return bar;
        if (node.RoomNow(shape.Demand) > 0)
            return Obstacle.None;
        if (node.PrefetchRoom(shape.Demand, node.PrefetchLimit(limits, now)) > 0)
            return Obstacle.None;
        return node.CoresFree < shape.Demand.Cores ? Obstacle.CoresBusy : Obstacle.MemoryBusy;
    }

    /// <summary>The reason why even an idle node cannot take a shape's jobs.</summary>
    internal static Obstacle HardObstacle(Shape shape, NodeAccount node, Ledger ledger)
    {
        if (node.IsLost)
            return Obstacle.Lost;
        if (node.Offer is null)
            return Obstacle.NoOffer;
        if (node.NotReady.Length > 0)
            return Obstacle.NotReady;
        if (node.Draining)
            return Obstacle.Draining;
        if (node.Cores < shape.Demand.Cores)
            return Obstacle.TooFewCores;
        if (node.Memory < node.MemoryOf(shape.Demand))
            return Obstacle.TooLittleMemory;
        if (node.MissingFeature(shape.Demand.Features) is not null)
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
