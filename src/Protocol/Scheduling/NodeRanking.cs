namespace JobCloud.Protocol.Scheduling;

/// <summary>The nodes with capacity left in a stage, the best first; it shrinks as they
/// fill.</summary>
internal sealed class NodeRanking
{
    private readonly ICapacity _stage;
    private readonly NodeAccount[] _nodes;
    private readonly int[] _left;
    private readonly long[] _scores;
    private readonly int[] _ranked;

    public NodeRanking(Ledger ledger, ICapacity stage)
    {
        _stage = stage;
        _nodes = [.. ledger.Nodes.Where(node => node.Accepts && stage.Left(node) > 0)];
        _left = [.. _nodes.Select(stage.Left)];
        _scores = [.. _nodes.Select(stage.Score)];
        _ranked = [.. Enumerable.Range(0, _nodes.Length)];
        Array.Sort(_ranked, Compare);
        Count = _nodes.Length;
        Total = _left.Sum(static count => (long)count);
    }

    public int Count { get; private set; }

    /// <summary>The initial capacity of all nodes together.</summary>
    public long Total { get; }

    /// <summary>The number of nodes with at least this much left.</summary>
    public int Open(int need)
    {
        var open = 0;
        foreach (var node in _ranked.AsSpan(0, Count))
            if (_left[node] >= need)
                open++;
        return open;
    }

    /// <summary>The position of the best node for a shape's jobs; -1: none.</summary>
    public int Best(Shape shape, Ledger ledger)
    {
        var need = _stage.Need(shape.Demand);
        for (var at = 0; at < Count; at++)
            if (_left[_ranked[at]] >= need && Takes(At(at), shape, ledger))
                return at;
        return -1;
    }

    public NodeAccount At(int at) => _nodes[_ranked[at]];

    /// <summary>Re-ranks the node at this position after an assignment.</summary>
    public void Moved(int at)
    {
        var node = _ranked[at];
        (_left[node], _scores[node]) = (_stage.Left(_nodes[node]), _stage.Score(_nodes[node]));
        Array.Copy(_ranked, at + 1, _ranked, at, Count - at - 1);
        Count--;
        if (_left[node] <= 0)
            return;
        var place = ~Array.BinarySearch(_ranked, 0, Count, node, Comparer<int>.Create(Compare));
        Array.Copy(_ranked, place, _ranked, place + 1, Count - place);
        _ranked[place] = node;
        Count++;
    }

    private bool Takes(NodeAccount node, Shape shape, Ledger ledger) =>
        _stage.Room(node, shape.Demand) > 0
        && Feasibility.HardObstacle(shape, node, ledger) == Obstacle.None;

    private int Compare(int one, int other) =>
        _scores[one] != _scores[other]
            ? _scores[other].CompareTo(_scores[one])
            : one.CompareTo(other);
}
