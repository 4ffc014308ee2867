namespace JobCloud.Protocol.Scheduling;

/// <summary>Queued jobs that differ only in age: a round decides on them together.</summary>
public sealed class Shape
{
    private readonly SortedSet<QueuedRange> _ranges = new(QueuedRange.ByAge);

    internal Shape(Demand demand, int priority, bool restarted, string avoidNode)
    {
        (Demand, Priority, Restarted, AvoidNode) = (demand, priority, restarted, avoidNode);
        demand.Uses++;
    }

    public Demand Demand { get; }

    /// <summary>The priority; lower goes first.</summary>
    public int Priority { get; }

    /// <summary>Whether their node was lost: they come first in their priority.</summary>
    public bool Restarted { get; }

    /// <summary>The node that lost the last attempt; empty: none.</summary>
    public string AvoidNode { get; }

    /// <summary>The number of jobs that may start now, given capacity.</summary>
    public long Queued { get; private set; }

    /// <summary>Since when (µs) others have overtaken its oldest job; 0: they have not.</summary>
    public long PassedOverSince { get; internal set; }

    /// <summary>The number of its ranges that wait for an instant.</summary>
    internal int Deferred { get; set; }

    public IEnumerable<QueuedRange> Ranges => _ranges;
    internal int RangeCount => _ranges.Count + Deferred;

    /// <summary>The oldest range; null: nothing is queued.</summary>
    internal QueuedRange? Head { get; private set; }
    internal bool Idle => Head is null && Deferred == 0;

    internal void Add(QueuedRange range)
    {
        _ranges.Add(range);
        Queued += range.Count;
        if (Head is null || QueuedRange.ByAge.Compare(range, Head) < 0)
            Head = range;
    }

    internal void Remove(QueuedRange range)
    {
        _ranges.Remove(range);
        Queued -= range.Count;
        if (range == Head)
            Head = _ranges.Min;
    }

    /// <summary>Removes jobs from the front of a range, which keeps its position.</summary>
    internal void Shorten(QueuedRange range, int count)
    {
        range.First += count;
        range.Count -= count;
        Queued -= count;
    }
}
