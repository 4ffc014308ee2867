namespace JobCloud.Chaos;

public enum FaultKind
{
    /// <summary>kill -9 of jobcloud-node: its executor starts it again.</summary>
    KillNode,

    /// <summary>kill -9 of the executor: its node starts a new one.</summary>
    KillExecutor,

    /// <summary>kill -9 of both, the jobs live on; started again later.</summary>
    KillBoth,

    /// <summary>kill -9 of all, jobs too, as if by loss of power; started again later.</summary>
    LoseMachine,

    /// <summary>SIGSTOP of jobcloud-node, SIGCONT later.</summary>
    FreezeNode,

    /// <summary>SIGSTOP of all of a machine, SIGCONT later.</summary>
    FreezeMachine,

    /// <summary>Nothing comes to the machine or from it, store and nodes alike.</summary>
    CutOff,

    /// <summary>Nothing comes from the other nodes or goes to them; the store answers.</summary>
    CutFromNodes,

    /// <summary>The store is out of reach of this node alone.</summary>
    CutFromStore,

    /// <summary>Two nodes do not hear each other; all others hear both.</summary>
    CutPair,

    /// <summary>What the other nodes say does not come; what it says does.</summary>
    Deaf,

    /// <summary>What it says to the other nodes is lost; what they say comes.</summary>
    Mute,

    /// <summary>A link so narrow that what is said waits.</summary>
    SlowLink,

    /// <summary>The clock of a machine is set forward or back by hours.</summary>
    ClockJump,

    /// <summary>The store is stopped at once, and started again later.</summary>
    StopStore,

    /// <summary>The store is stopped and started again at once.</summary>
    RestartStore,

    /// <summary>All connections to the store are closed from its side, as by a fail-over.</summary>
    DropConnections,

    /// <summary>The store's disk is full.</summary>
    FillStore,
}

/// <summary>What a machine must have so that something can be done.</summary>
public enum Need
{
    Nothing,

    /// <summary>Network namespaces.</summary>
    Network,

    /// <summary>libfaketime.</summary>
    Clock,

    /// <summary>The right to mount.</summary>
    SmallDisk,
}

/// <summary>A kind of fault.</summary>
/// <param name="Shortest">Seconds that it lasts at least.</param>
/// <param name="Longest">And at most: where that says more than 12, others may take a node for
/// lost.</param>
/// <param name="OfNode">It is done to one node; else to the store.</param>
public sealed record FaultShape(
    FaultKind Kind,
    double Shortest,
    double Longest,
    bool OfNode = true,
    Need Needs = Need.Nothing
);

/// <summary>The catalogue of what can be done.</summary>
public static class FaultKinds
{
    public static IReadOnlyList<FaultShape> All { get; } =
    [
        new(FaultKind.KillNode, 2, 3),
        new(FaultKind.KillExecutor, 2, 3),
        new(FaultKind.KillBoth, 1, 20),
        new(FaultKind.LoseMachine, 1, 20),
        new(FaultKind.FreezeNode, 1, 20),
        new(FaultKind.FreezeMachine, 1, 20),
        new(FaultKind.CutOff, 1, 20, Needs: Need.Network),
        new(FaultKind.CutFromNodes, 1, 18, Needs: Need.Network),
        new(FaultKind.CutFromStore, 1, 18, Needs: Need.Network),
        new(FaultKind.CutPair, 1, 16, Needs: Need.Network),
        new(FaultKind.Deaf, 1, 16, Needs: Need.Network),
        new(FaultKind.Mute, 1, 16, Needs: Need.Network),
        new(FaultKind.SlowLink, 3, 8, Needs: Need.Network),
        new(FaultKind.ClockJump, 1, 3, Needs: Need.Clock),
        new(FaultKind.StopStore, 1, 15, OfNode: false),
        new(FaultKind.RestartStore, 0.5, 1, OfNode: false),
        new(FaultKind.DropConnections, 0.5, 1, OfNode: false),
        new(FaultKind.FillStore, 1, 8, OfNode: false, Need.SmallDisk),
    ];

    public static FaultShape Of(FaultKind kind) => All.First(shape => shape.Kind == kind);
}

/// <summary>Something that is done to a cloud.</summary>
/// <param name="At">After the start of the workload.</param>
/// <param name="Lasts">Until it is mended; nothing else is done meanwhile.</param>
/// <param name="Node">Index of the node that it is done to.</param>
public sealed record Fault(TimeSpan At, FaultKind Kind, int Node, TimeSpan Lasts)
{
    public override string ToString() =>
        $"{At.TotalSeconds, 6:F1} s  {Kind}{(FaultKinds.Of(Kind).OfNode ? $" n{Node + 1}" : "")} for {Lasts.TotalSeconds:F1} s";

    /// <summary>What a seed has done to a cloud: the same seed, the same faults. Every kind is used
    /// before any is used again.</summary>
    public static IReadOnlyList<Fault> Plan(
        int seed,
        int nodes,
        int count,
        IReadOnlyList<FaultKind> kinds
    )
    {
        var random = new Random(seed);
        var faults = new List<Fault>();
        var bag = new Queue<FaultKind>();
        var at = TimeSpan.FromSeconds(2);
        while (faults.Count < count)
        {
            if (bag.Count == 0)
                bag = new(kinds.OrderBy(_ => random.Next()).ToArray());
            var shape = FaultKinds.Of(bag.Dequeue());
            // The square: more short ones than long ones.
            var part = Math.Pow(random.NextDouble(), 2);
            var lasts = TimeSpan.FromSeconds(
                shape.Shortest + part * (shape.Longest - shape.Shortest)
            );
            faults.Add(new Fault(at, shape.Kind, random.Next(nodes), lasts));
            at += lasts + TimeSpan.FromSeconds(0.5 + random.NextDouble() * 3);
        }
        return faults;
    }
}
