namespace JobCloud.Protocol.Scheduling;

/// <summary>All queued jobs that differ by nothing but their age: a round decides on them at
/// once.</summary>
public sealed class Shape
{
    private readonly SortedSet<QueuedRange> _ranges = new(QueuedRange.ByAge);

    internal Shape(Demand demand, int priority, bool restarted, string avoidNode)
    {
        (Demand, Priority, Restarted, AvoidNode) = (demand, priority, restarted, avoidNode);
        demand.Uses++;
    }

    public Demand Demand { get; }

    /// <summary>Lower first.</summary>
    public int Priority { get; }

    /// <summary>Their node was lost: first of their priority.</summary>
    public bool Restarted { get; }

    /// <summary>Where the last attempt was lost; empty: nowhere.</summary>
    public string AvoidNode { get; }

    /// <summary>Jobs that may start now, but for room.</summary>
    public long Queued { get; private set; }

    /// <summary>Since when (µs) others were placed past its oldest job; 0: they were not.</summary>
    public long PassedOverSince { get; internal set; }

    /// <summary>Ranges of it that wait for an instant.</summary>
    internal int Deferred { get; set; }

    public IEnumerable<QueuedRange> Ranges => _ranges;

    /// <summary>The oldest; null: nothing is queued.</summary>
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

    /// <summary>Takes jobs off the front of a range; its place among the others stays the
    /// same.</summary>
    internal void Shorten(QueuedRange range, int count)
    {
        range.First += count;
        range.Count -= count;
        Queued -= count;
    }
}
