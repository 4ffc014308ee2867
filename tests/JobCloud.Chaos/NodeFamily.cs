namespace JobCloud.Chaos;

/// <summary>The pids of a node's processes without those of jobs.</summary>
public sealed record NodeFamily(
    IReadOnlyList<int> Guards,
    IReadOnlyList<int> Executors,
    IReadOnlyList<int> Nodes
)
{
    public IEnumerable<int> All => Guards.Concat(Executors).Concat(Nodes);

    /// <summary>Whether there is one running process of each, and the guard and the node are the
    /// executor's, not those of one before that it is about to replace.</summary>
    public bool IsWhole =>
        this is { Guards: [var guard], Executors: [var executor], Nodes: [var node] }
        && Processes.ParentOf(guard) == executor
        && Processes.ParentOf(node) == executor
        && !All.Any(Processes.IsStopped);

    public override string ToString() =>
        $"guards: {Text(Guards)}; executors: {Text(Executors)}; nodes: {Text(Nodes)}";

    private static string Text(IReadOnlyList<int> pids) =>
        pids.Count == 0
            ? "none"
            : string.Join(
                ", ",
                pids.Select(pid =>
                    $"{pid} of {Processes.ParentOf(pid)}"
                    + (Processes.IsStopped(pid) ? " (stopped)" : "")
                )
            );
}
