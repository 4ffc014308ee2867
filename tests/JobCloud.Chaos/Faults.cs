namespace JobCloud.Chaos;

public enum FaultKind
{
    /// <summary>SIGKILL of jobcloud-node; its executor restarts it.</summary>
    KillNode,

    /// <summary>SIGKILL of the executor; its node starts a new one.</summary>
    KillExecutor,

    /// <summary>SIGKILL of both, while the jobs run on; restarted later.</summary>
    KillBoth,

    /// <summary>SIGKILL of everything including jobs, like a power loss; restarted later.</summary>
    LoseMachine,

    /// <summary>SIGSTOP of jobcloud-node; SIGCONT later.</summary>
    FreezeNode,

    /// <summary>SIGSTOP of all processes of a machine; SIGCONT later.</summary>
    FreezeMachine,

    /// <summary>The machine is cut off from the store and all nodes.</summary>
    CutOff,

    /// <summary>The machine is cut off from the other nodes but not from the store.</summary>
    CutFromNodes,

    /// <summary>The machine is cut off from the store only.</summary>
    CutFromStore,

    /// <summary>Two nodes are cut off from each other; all others reach both.</summary>
    CutPair,

    /// <summary>Packets from the other nodes are lost; packets to them arrive.</summary>
    Deaf,

    /// <summary>Packets to the other nodes are lost; packets from them arrive.</summary>
    Mute,

    /// <summary>A link so narrow that messages queue.</summary>
    SlowLink,

    /// <summary>The clock of a machine is set hours forward or back.</summary>
    ClockJump,

    /// <summary>The store is stopped immediately and restarted later.</summary>
    StopStore,

    /// <summary>The store is restarted.</summary>
    RestartStore,

    /// <summary>The store closes all connections, as in a fail-over.</summary>
    DropConnections,

    /// <summary>The store's disk is full.</summary>
    FillStore,

    /// <summary>The store is stopped for longer than nodes trust their own view of the
    /// cluster.</summary>
    LongOutage,

    /// <summary>The machine is cut off from the store only, for so long that it must
    /// leave.</summary>
    LongCutFromStore,

    /// <summary>jobcloud-node is stopped (SIGSTOP) until others remove it; when it continues and
    /// leaves, its executor is killed, then the node itself.</summary>
    KillExecutorInLeave,

    /// <summary>SIGKILL of a jobcloud-node that writes the row which replaces the rows of a
    /// segment; the row is lost.</summary>
    KillBeforeCompaction,

    /// <summary>SIGKILL of a jobcloud-node that deletes the rows which a later one replaces, when
    /// none is deleted.</summary>
    KillBeforeErase,

    /// <summary>SIGKILL of a jobcloud-node that deletes such rows, when some are deleted.</summary>
    KillInErase,

    /// <summary>SIGKILL of a jobcloud-node that has written a part of a file sent along.</summary>
    KillInUpload,

    /// <summary>SIGKILL of a machine that brings the store to this version.</summary>
    KillInMigration,
}

/// <summary>A requirement of a fault.</summary>
public enum Requirement
{
    Nothing,

    /// <summary>Network namespaces.</summary>
    Network,

    /// <summary>libfaketime.</summary>
    Clock,

    /// <summary>Permission to mount.</summary>
    SmallDisk,
}

/// <summary>Properties of a kind of fault.</summary>
/// <param name="Shortest">Minimum duration in seconds.</param>
/// <param name="Longest">Maximum duration in seconds; from 12 on, other nodes may remove the node
/// as lost.</param>
/// <param name="OfNode">True: it affects a node; false: the store.</param>
public sealed record FaultProperties(
    FaultKind Kind,
    double Shortest,
    double Longest,
    bool OfNode = true,
    Requirement Needs = Requirement.Nothing
);

/// <summary>The catalogue of faults.</summary>
public static class FaultKinds
{
    public static IReadOnlyList<FaultProperties> All { get; } =
    [
        new(FaultKind.KillNode, 2, 3),
        new(FaultKind.KillExecutor, 2, 3),
        new(FaultKind.KillBoth, 1, 20),
        new(FaultKind.LoseMachine, 1, 20),
        new(FaultKind.FreezeNode, 1, 20),
        new(FaultKind.FreezeMachine, 1, 20),
        new(FaultKind.CutOff, 1, 20, Needs: Requirement.Network),
        new(FaultKind.CutFromNodes, 1, 18, Needs: Requirement.Network),
        new(FaultKind.CutFromStore, 1, 18, Needs: Requirement.Network),
        new(FaultKind.CutPair, 1, 16, Needs: Requirement.Network),
        new(FaultKind.Deaf, 1, 16, Needs: Requirement.Network),
        new(FaultKind.Mute, 1, 16, Needs: Requirement.Network),
        new(FaultKind.SlowLink, 3, 8, Needs: Requirement.Network),
        new(FaultKind.ClockJump, 1, 3, Needs: Requirement.Clock),
        new(FaultKind.StopStore, 1, 15, OfNode: false),
        new(FaultKind.RestartStore, 0.5, 1, OfNode: false),
        new(FaultKind.DropConnections, 0.5, 1, OfNode: false),
        new(FaultKind.FillStore, 1, 8, OfNode: false, Requirement.SmallDisk),
        new(FaultKind.LongOutage, 25, 45, OfNode: false),
        new(FaultKind.LongCutFromStore, 20, 45, Needs: Requirement.Network),
        new(FaultKind.KillExecutorInLeave, 16, 20),
        new(FaultKind.KillBeforeCompaction, 1, 3),
        new(FaultKind.KillBeforeErase, 1, 3),
        new(FaultKind.KillInErase, 1, 3),
        new(FaultKind.KillInUpload, 1, 3),
        new(FaultKind.KillInMigration, 1, 3),
    ];

    public static FaultProperties Of(FaultKind kind) => All.First(shape => shape.Kind == kind);
}

/// <summary>A planned fault.</summary>
/// <param name="At">Time after the start of the workload.</param>
/// <param name="Duration">Duration until it is repaired; no other fault occurs meanwhile.</param>
/// <param name="Node">Index of the affected node.</param>
public sealed record Fault(TimeSpan At, FaultKind Kind, int Node, TimeSpan Duration)
{
    public override string ToString() =>
        $"{At.TotalSeconds, 6:F1} s  {Kind}{(FaultKinds.Of(Kind).OfNode ? $" n{Node + 1}" : "")} for {Duration.TotalSeconds:F1} s";

    /// <summary>Plans the faults of a seed: the same seed gives the same faults. Every kind is used
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
        var remaining = new Queue<FaultKind>();
        var at = TimeSpan.FromSeconds(2);
        while (faults.Count < count)
        {
            if (remaining.Count == 0)
                remaining = new(kinds.OrderBy(_ => random.Next()).ToArray());
            var shape = FaultKinds.Of(remaining.Dequeue());
            // Squared, so that short durations are more frequent.
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
