using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>One pass over all shapes in their order, which places jobs for as long as a stage has room.</summary>
internal sealed class Round
{
    /// <summary>
    /// Shares are not cut finer than this part of what is to be given out: on a thousand nodes, fairness
    /// to the last core would cost a search for each job.
    /// </summary>
    private const int Turns = 1000;

    private readonly Ledger ledger;
    private readonly IJobOrder order;
    private readonly IStage stage;
    private readonly long now;
    private readonly List<Assignment> assignments;
    private readonly NodeRanking nodes;
    private readonly PriorityQueue<Shape, OrderKey> rivals = new();
    private readonly bool someAreReserved;
    private readonly int grain;
    private bool fillsAll;
    private readonly List<JobSize> tooLarge = [];
    private readonly List<(Shape Shape, int PlacedBefore)> refused = [];

    public Round(
        Ledger ledger,
        IJobOrder order,
        IStage stage,
        long now,
        List<Assignment> assignments
    )
    {
        (this.ledger, this.order, this.stage) = (ledger, order, stage);
        (this.now, this.assignments) = (now, assignments);
        nodes = new(ledger, stage);
        grain = (int)Math.Max(1, nodes.Total / Turns);
        someAreReserved = ledger.Nodes.Any(node => node.ReservedFor is not null);
    }

    /// <summary>A node that was kept for a job is open again: who was refused there may fit now.</summary>
    public bool EndedReservation { get; private set; }

    public void Run()
    {
        if (nodes.Count == 0)
            return;
        EnqueueAll();
        while (rivals.TryDequeue(out var shape, out var key))
        {
            // Its owner has been given more since: others may come first now.
            if (OrderKey.Of(shape, order) is var current && current.CompareTo(key) > 0)
            {
                rivals.Enqueue(shape, current);
                continue;
            }
            var turn = Turn(shape, key);
            if (Place(shape, turn) < turn)
                Refuse(shape);
            else if (shape.Head is not null && Feasibility.Held(shape) is null)
                rivals.Enqueue(shape, OrderKey.Of(shape, order));
        }
        MarkPassedOver();
    }

    private void EnqueueAll()
    {
        var wanted = 0L;
        foreach (var shape in ledger.Shapes)
        {
            if (shape.Head is null || Feasibility.Held(shape) is not null)
                continue;
            rivals.Enqueue(shape, OrderKey.Of(shape, order));
            wanted += shape.Queued * stage.Need(shape.Demand);
        }
        fillsAll = wanted >= nodes.Total;
    }

    /// <summary>How many of the shape's jobs come before the first of any other.</summary>
    private int Turn(Shape shape, OrderKey key)
    {
        var allowance = shape.Demand.Map?.Allowance ?? int.MaxValue;
        var rival = rivals.TryPeek(out _, out var next) && next.SameLevel(key);
        if (!rival)
            return (int)Math.Min(shape.Queued, allowance);

        var most = Math.Min(shape.Head!.Count, allowance);
        if (ComesFirst(shape, key, most, next))
            return most;
        var jobs = Math.Min(most, grain);
        while (jobs < most && ComesFirst(shape, key, jobs + 1, next))
            jobs++;
        return jobs;
    }

    /// <summary>Whether the last of `jobs` still comes before the rival, all others being placed.</summary>
    private bool ComesFirst(Shape shape, OrderKey key, int jobs, OrderKey rival)
    {
        var demand = shape.Demand;
        var share = order.Share(demand.Owner.CoresInUse + (jobs - 1L) * demand.Cores);
        return share < rival.Share || (share == rival.Share && key.OlderThan(rival));
    }

    private int Place(Shape shape, int jobs)
    {
        if (
            tooLarge.Exists(size =>
                shape.Demand.Cores >= size.Cores && shape.Demand.Memory >= size.Memory
            )
        )
            return 0;
        var placed = 0;
        while (placed < jobs && nodes.Best(shape, ledger) is >= 0 and var best)
        {
            var count = Math.Min(Portion(shape, nodes.At(best), jobs - placed), jobs - placed);
            ledger.Assign(shape, count, nodes.At(best), now, assignments);
            nodes.Moved(best);
            placed += count;
        }
        if (placed > 0)
            EndReservation(shape);
        return placed;
    }

    /// <summary>How many of these jobs a node is given at once.</summary>
    private int Portion(Shape shape, NodeAccount node, int jobs)
    {
        var room = stage.Room(node, shape.Demand);
        // Where all nodes become full, jobs stay together: that saves messages.
        return fillsAll || jobs == 1
            ? room
            : Math.Min(room, stage.Portion(jobs, nodes.Open(stage.Need(shape.Demand))));
    }

    private void Refuse(Shape shape)
    {
        refused.Add((shape, assignments.Count));
        // Room only shrinks within a pass, so nothing as large fits either; but a node that this shape
        // avoids or needs more of, or that is kept for another of its priority, may be open to others.
        var isOpenToAll = shape.AvoidNode.Length == 0 && shape.Demand.Needs == Needs.None;
        if (isOpenToAll && !someAreReserved)
            tooLarge.Add(shape.Demand.Size);
    }

    private void EndReservation(Shape shape)
    {
        shape.PassedOverSince = 0;
        if (!someAreReserved)
            return;
        foreach (var node in ledger.Nodes)
            if (node.ReservedFor == shape)
                (node.ReservedFor, EndedReservation) = (null, true);
    }

    private void MarkPassedOver()
    {
        foreach (var (shape, placedBefore) in refused)
            if (shape.PassedOverSince == 0 && assignments.Count > placedBefore)
                shape.PassedOverSince = Math.Max(1, now);
    }
}
