using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>One pass over all shapes in order, which assigns jobs while a stage has
/// capacity.</summary>
internal sealed class Round
{
    /// <summary>
    /// The number of turns that the capacity is divided into: on a thousand nodes, fairness to the
    /// last core would cost a search for each job.
    /// </summary>
    private const int Turns = 1000;

    private readonly Ledger _ledger;
    private readonly IJobOrder _order;
    private readonly ICapacity _stage;
    private readonly long _now;
    private readonly List<Assignment> _assignments;
    private readonly NodeRanking _nodes;
    private readonly PriorityQueue<Shape, OrderKey> _rivals = new();
    private readonly bool _someAreReserved;
    private readonly int _grain;
    private bool _fillsAll;
    private readonly List<JobSize> _tooLarge = [];
    private readonly List<(Shape Shape, int PlacedBefore)> _refused = [];

    public Round(
        Ledger ledger,
        IJobOrder order,
        ICapacity stage,
        long now,
        List<Assignment> assignments
    )
    {
        (_ledger, _order, _stage) = (ledger, order, stage);
        (_now, _assignments) = (now, assignments);
        _nodes = new(ledger, stage);
        _grain = (int)Math.Max(1, _nodes.Total / Turns);
        _someAreReserved = ledger.Nodes.Any(node => node.ReservedFor is not null);
    }

    /// <summary>Whether a reservation ended, so that jobs refused on its node may fit
    /// now.</summary>
    public bool EndedReservation { get; private set; }

    public void Run()
    {
        if (_nodes.Count == 0)
            return;
        EnqueueAll();
        while (_rivals.TryDequeue(out var shape, out var key))
        {
            // Its owner has got more cores since: others may come first now.
            if (OrderKey.Of(shape, _order) is var current && current.CompareTo(key) > 0)
            {
                _rivals.Enqueue(shape, current);
                continue;
            }
            var turn = Turn(shape, key);
            if (Place(shape, turn) < turn)
                Refuse(shape);
            else if (shape.Head is not null && Feasibility.HoldOf(shape) is null)
                _rivals.Enqueue(shape, OrderKey.Of(shape, _order));
        }
        MarkPassedOver();
    }

    private void EnqueueAll()
    {
        var wanted = 0L;
        foreach (var shape in _ledger.Shapes)
        {
            if (shape.Head is null || Feasibility.HoldOf(shape) is not null)
                continue;
            _rivals.Enqueue(shape, OrderKey.Of(shape, _order));
            wanted += shape.Queued * _stage.Need(shape.Demand);
        }
        _fillsAll = wanted >= _nodes.Total;
    }

    /// <summary>The number of the shape's jobs that come before any other shape's.</summary>
    private int Turn(Shape shape, OrderKey key)
    {
        var allowance = shape.Demand.Map?.Allowance ?? int.MaxValue;
        var rival = _rivals.TryPeek(out _, out var next) && next.SameLevel(key);
        if (!rival)
            return (int)Math.Min(shape.Queued, allowance);

        var most = Math.Min(shape.Head!.Count, allowance);
        if (ComesFirst(shape, key, most, next))
            return most;
        var jobs = Math.Min(most, _grain);
        while (jobs < most && ComesFirst(shape, key, jobs + 1, next))
            jobs++;
        return jobs;
    }

    /// <summary>Whether the last of `jobs` jobs comes before the rival when the others are
    /// assigned.</summary>
    private bool ComesFirst(Shape shape, OrderKey key, int jobs, OrderKey rival)
    {
        var demand = shape.Demand;
        var share = _order.Share(demand.Owner.CoresInUse + (jobs - 1L) * demand.Cores);
        return share < rival.Share || (share == rival.Share && key.OlderThan(rival));
    }

    private int Place(Shape shape, int jobs)
    {
        if (_tooLarge.Exists(shape.Demand.Size.Contains))
            return 0;
        var placed = 0;
        while (placed < jobs && _nodes.Best(shape, _ledger) is >= 0 and var best)
        {
            var count = Math.Min(Portion(shape, _nodes.At(best), jobs - placed), jobs - placed);
            _ledger.Assign(shape, count, _nodes.At(best), _now, _assignments);
            _nodes.Moved(best);
            placed += count;
        }
        if (placed > 0)
            EndReservation(shape);
        return placed;
    }

    /// <summary>The number of these jobs that a node gets at once.</summary>
    private int Portion(Shape shape, NodeAccount node, int jobs)
    {
        var room = _stage.Room(node, shape.Demand);
        // If all nodes become full, keep jobs together to save messages.
        return _fillsAll || jobs == 1
            ? room
            : Math.Min(room, _stage.Portion(jobs, _nodes.Open(_stage.Need(shape.Demand))));
    }

    private void Refuse(Shape shape)
    {
        _refused.Add((shape, _assignments.Count));
        // Capacity only shrinks within a pass, so no job of this size fits either. But a node that
        // this shape avoids, that lacks a feature, or that is reserved for another shape may be
        // open to others.
        var isOpenToAll = shape.AvoidNode.Length == 0 && shape.Demand.Features == NodeFeatures.None;
        if (isOpenToAll && !_someAreReserved)
            _tooLarge.Add(shape.Demand.Size);
    }

    private void EndReservation(Shape shape)
    {
        shape.PassedOverSince = 0;
        if (!_someAreReserved)
            return;
        foreach (var node in _ledger.Nodes)
            if (node.ReservedFor == shape)
                (node.ReservedFor, EndedReservation) = (null, true);
    }

    private void MarkPassedOver()
    {
        foreach (var (shape, placedBefore) in _refused)
            if (shape.PassedOverSince == 0 && _assignments.Count > placedBefore)
                shape.PassedOverSince = Math.Max(1, _now);
    }
}
