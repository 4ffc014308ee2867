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

    /// <summary>The store is stopped at once, and started again later.</summary>
    StopStore,
}

/// <summary>One thing done to the cloud.</summary>
/// <param name="At">After the start of the workload.</param>
/// <param name="Lasts">Until it is mended; nothing else is done meanwhile.</param>
/// <param name="Node">Index of the node that it is done to.</param>
public sealed record Fault(TimeSpan At, FaultKind Kind, int Node, TimeSpan Lasts)
{
    public override string ToString() =>
        Kind == FaultKind.StopStore
            ? $"{At.TotalSeconds, 6:F1} s  {Kind} for {Lasts.TotalSeconds:F1} s"
            : $"{At.TotalSeconds, 6:F1} s  {Kind} n{Node + 1} for {Lasts.TotalSeconds:F1} s";

    /// <summary>What a seed has done to a cloud: the same seed, the same faults.</summary>
    public static IReadOnlyList<Fault> Plan(
        int seed,
        int nodes,
        TimeSpan length,
        IReadOnlyList<FaultKind> kinds
    )
    {
        var random = new Random(seed);
        var faults = new List<Fault>();
        var at = TimeSpan.FromSeconds(2);
        while (at < length)
        {
            var kind = kinds[random.Next(kinds.Count)];
            var lasts = TimeSpan.FromSeconds(Shortest(kind) + random.NextDouble() * Spread(kind));
            faults.Add(new Fault(at, kind, random.Next(nodes), lasts));
            at += lasts + TimeSpan.FromSeconds(1 + random.NextDouble() * 5);
        }
        return faults;
    }

    // About half of those that last outlive what makes others take a node for lost.
    private static double Shortest(FaultKind kind) =>
        kind is FaultKind.KillNode or FaultKind.KillExecutor ? 2 : 1;

    private static double Spread(FaultKind kind) =>
        kind switch
        {
            FaultKind.KillNode or FaultKind.KillExecutor => 1,
            FaultKind.StopStore => 20,
            _ => 24,
        };
}
