namespace JobCloud.Protocol.Scheduling;

/// <summary>The nodes that have something of a stage left, the best first; it shrinks as they fill.</summary>
internal sealed class NodeRanking
{
    private readonly IStage stage;
    private readonly NodeAccount[] nodes;
    private readonly int[] left;
    private readonly long[] scores;
    private readonly int[] ranked;

    public NodeRanking(Ledger ledger, IStage stage)
    {
        this.stage = stage;
        nodes = [.. ledger.Nodes.Where(node => node.Accepts && stage.Left(node) > 0)];
        left = [.. nodes.Select(stage.Left)];
        scores = [.. nodes.Select(stage.Score)];
        ranked = [.. Enumerable.Range(0, nodes.Length)];
        Array.Sort(ranked, Compare);
        Count = nodes.Length;
        Total = left.Sum(static count => (long)count);
    }

    public int Count { get; private set; }

    /// <summary>What all of them had left in the beginning.</summary>
    public long Total { get; }

    /// <summary>How many have as much left.</summary>
    public int Open(int need)
    {
        var open = 0;
        foreach (var node in ranked.AsSpan(0, Count))
            if (left[node] >= need)
                open++;
        return open;
    }

    /// <summary>Where the best node is that takes a shape's jobs; -1: none does.</summary>
    public int Best(Shape shape, Ledger ledger)
    {
        var need = stage.Need(shape.Demand);
        for (var at = 0; at < Count; at++)
            if (left[ranked[at]] >= need && Takes(At(at), shape, ledger))
                return at;
        return -1;
    }

    public NodeAccount At(int at) => nodes[ranked[at]];

    /// <summary>The node there was given something: it moves to where it belongs now.</summary>
    public void Moved(int at)
    {
        var node = ranked[at];
        (left[node], scores[node]) = (stage.Left(nodes[node]), stage.Score(nodes[node]));
        Array.Copy(ranked, at + 1, ranked, at, Count - at - 1);
        Count--;
        if (left[node] <= 0)
            return;
        var place = ~Array.BinarySearch(ranked, 0, Count, node, Comparer<int>.Create(Compare));
        Array.Copy(ranked, place, ranked, place + 1, Count - place);
        ranked[place] = node;
        Count++;
    }

    private bool Takes(NodeAccount node, Shape shape, Ledger ledger) =>
        stage.Room(node, shape.Demand) > 0 && Feasibility.Bar(shape, node, ledger) == Obstacle.None;

    private int Compare(int one, int other) =>
        scores[one] != scores[other] ? scores[other].CompareTo(scores[one]) : one.CompareTo(other);
}
