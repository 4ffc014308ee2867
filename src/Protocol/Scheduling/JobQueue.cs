using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using SegmentSpan = JobCloud.Protocol.Notation.Segments;

namespace JobCloud.Protocol.Scheduling;

/// <summary>The queued jobs, indexed by shape and age for selection, and by segment and jid for
/// lookup.</summary>
internal sealed class JobQueue
{
    private readonly record struct Key(
        Demand Demand,
        int Priority,
        bool Restarted,
        string AvoidNode
    );

    private readonly Dictionary<Key, Shape> _shapes = [];
    private readonly Dictionary<long, List<QueuedRange>> _segments = [];
    private readonly SortedSet<QueuedRange> _deferred = new(QueuedRange.ByDue);

    public IReadOnlyCollection<Shape> Shapes => _shapes.Values;
    public IReadOnlyCollection<long> Segments => _segments.Keys;

    /// <summary>The next instant when a deferred job becomes ready; null: none is
    /// deferred.</summary>
    public long? NextReady => _deferred.Min?.Due;

    public IEnumerable<QueuedRange> In(long segment) =>
        _segments.TryGetValue(segment, out var list) ? list : [];

    /// <param name="place">When they joined the queue.</param>
    /// <param name="due">When they may start.</param>
    public void Add(RunnableJobs jobs, long first, int count, Demand demand, long place, long due)
    {
        var shape = ShapeOf(demand, jobs.Priority, jobs.Restarted, jobs.AvoidNode);
        Insert(
            new QueuedRange(shape, first, count, place, jobs.NotBefore, due)
            {
                Deferred = jobs.NotBefore > 0,
            }
        );
    }

    /// <summary>Removes these jids, all of one segment, from the queue.</summary>
    public void Withdraw(long first, long last)
    {
        var segment = SegmentSpan.Of(first);
        if (!_segments.TryGetValue(segment, out var list))
            return;
        for (var i = IndexOf(list, first); i < list.Count && list[i].First <= last; )
        {
            var range = list[i];
            Remove(range, list, i);
            if (range.First < first)
                i = Insert(Part(range, range.First, first - 1)) + 1;
            if (range.Last > last)
                Insert(Part(range, last + 1, range.Last));
        }
        if (list.Count == 0)
            _segments.Remove(segment);
    }

    /// <summary>Takes up to `count` jobs from the front of the shape's oldest range.</summary>
    public (long First, int Count) Take(Shape shape, int count)
    {
        var head = shape.Head!;
        var taken = (head.First, Count: Math.Min(count, head.Count));
        if (taken.Count < head.Count)
        {
            shape.Shorten(head, taken.Count);
            return taken;
        }
        var segment = SegmentSpan.Of(head.First);
        var list = _segments[segment];
        Remove(head, list, IndexOf(list, head.First));
        if (list.Count == 0)
            _segments.Remove(segment);
        return taken;
    }

    /// <summary>The range that contains this job; null: it is not queued.</summary>
    public QueuedRange? Find(Jid jid)
    {
        if (!_segments.TryGetValue(SegmentSpan.Of(jid), out var list))
            return null;
        var i = IndexOf(list, jid);
        return i < list.Count && list[i].First <= jid ? list[i] : null;
    }

    public void MakeReady(long now)
    {
        while (_deferred.Min is { } range && range.Due <= now)
        {
            _deferred.Remove(range);
            range.Deferred = false;
            range.Shape.Deferred--;
            range.Shape.Add(range);
        }
    }

    /// <summary>Removes shapes without jobs.</summary>
    public void Prune()
    {
        foreach (var (key, shape) in _shapes)
        {
            if (!shape.Idle)
                continue;
            _shapes.Remove(key);
            shape.Demand.Uses--;
        }
    }

    /// <summary>A copy, and its shapes by those that they are copies of.</summary>
    public (JobQueue Queue, Dictionary<Shape, Shape> Shapes) Copy(
        IReadOnlyDictionary<Demand, Demand> demands
    )
    {
        var copy = new JobQueue();
        var shapes = new Dictionary<Shape, Shape>();
        foreach (var (key, shape) in _shapes)
        {
            var demand = demands[shape.Demand];
            // The copied demand already counts the shape.
            demand.Uses--;
            var one = new Shape(demand, shape.Priority, shape.Restarted, shape.AvoidNode)
            {
                PassedOverSince = shape.PassedOverSince,
            };
            copy._shapes.Add(key with { Demand = demand }, one);
            shapes.Add(shape, one);
        }
        foreach (var list in _segments.Values)
        foreach (var range in list)
            copy.Insert(
                new QueuedRange(
                    shapes[range.Shape],
                    range.First,
                    range.Count,
                    range.Place,
                    range.NotBefore,
                    range.Due
                )
                {
                    Deferred = range.Deferred,
                }
            );
        return (copy, shapes);
    }

    private Shape ShapeOf(Demand demand, int priority, bool restarted, string avoidNode)
    {
        var key = new Key(demand, priority, restarted, avoidNode);
        if (!_shapes.TryGetValue(key, out var shape))
            _shapes.Add(key, shape = new Shape(demand, priority, restarted, avoidNode));
        return shape;
    }

    private int Insert(QueuedRange range)
    {
        var segment = SegmentSpan.Of(range.First);
        if (!_segments.TryGetValue(segment, out var list))
            _segments.Add(segment, list = []);
        var i = IndexOf(list, range.First);
        list.Insert(i, range);
        if (!range.Deferred)
        {
            range.Shape.Add(range);
            return i;
        }
        _deferred.Add(range);
        range.Shape.Deferred++;
        return i;
    }

    private void Remove(QueuedRange range, List<QueuedRange> list, int i)
    {
        list.RemoveAt(i);
        if (range.Deferred)
        {
            _deferred.Remove(range);
            range.Shape.Deferred--;
        }
        else
            range.Shape.Remove(range);
    }

    private static QueuedRange Part(QueuedRange range, long first, long last) =>
        new(range.Shape, first, (int)(last - first + 1), range.Place, range.NotBefore, range.Due)
        {
            Deferred = range.Deferred,
        };

    /// <summary>The index of the first range that ends at or after the jid.</summary>
    private static int IndexOf(List<QueuedRange> list, long jid)
    {
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (list[middle].Last < jid)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
