using System.Collections;
using System.Runtime.InteropServices;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>All rows, and those that match a query, in its order. An update costs time in
/// proportion to what changed, plus one pass over the rows if their order changed.</summary>
/// <param name="usages">What an order by usage reads.</param>
internal sealed class JobIndex(UsageTracker usages)
{
    private const long Second = 1_000_000;

    private readonly Dictionary<long, Slot> _slots = [];
    private readonly SharedNames _names = new();
    private readonly List<Slot> _changed = [];
    private List<Slot> _sorted = [];
    private List<Slot> _spare = [];
    private TableQuery _asked = TableQuery.All;
    private BoundQuery _query = TableQuery.All.Bound;
    private BoundQuery _rest = TableQuery.All.Bound;
    private ChunkedList<Slot> _shown = ChunkedList<Slot>.Empty;
    private bool _reordered;
    private bool _timed;
    private bool _rebuild;
    private long _sortedAt;

    public JobRow? Find(long first) => _slots.GetValueOrDefault(first)?.Row;

    public void SetQuery(TableQuery query)
    {
        (_asked, _query) = (query, query.Bound);
        _rest = _query with { Sort = [.. _query.Sort.Skip(1)] };
        _timed = query.By is not null || DependsOnTime(_query);
        _rebuild = true;
    }

    public void Clear()
    {
        _slots.Clear();
        _changed.Clear();
        _rebuild = true;
    }

    /// <summary>Adds or replaces a row. Returns the previous one, or null.</summary>
    public JobRow? Set(JobRow row)
    {
        _names.Share(row);
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, row.First, out _);
        var before = slot?.Row;
        slot ??= new Slot { Row = row };
        slot.Row = row;
        Touch(slot);
        return before;
    }

    /// <summary>Updates the progress of a row's jobs. Returns the previous row; null: the row is
    /// unknown.</summary>
    public JobRow? Progress(JobRow row)
    {
        if (!_slots.TryGetValue(row.First, out var slot))
            return null;
        var before = slot.Row;
        RowProgress.Complete(row, before);
        _names.Share(row);
        slot.Row = row;
        Touch(slot);
        return before;
    }

    /// <summary>Removes a row. Returns it; null: there was none.</summary>
    public JobRow? Remove(long first)
    {
        if (!_slots.Remove(first, out var slot))
            return null;
        slot.Removed = true;
        Touch(slot);
        return slot.Row;
    }

    /// <summary>The current view; the same instance while nothing changed.</summary>
    /// <param name="last">The previous view.</param>
    public JobsView Take(JobsView last, long now)
    {
        if (_rebuild || (_timed && now - _sortedAt >= Second))
            Rebuild(now);
        else if (_changed.Count == 0)
            return last;
        else if (!KeepsOrder(now))
            Merge(now);
        if (_reordered)
            _shown = _shown.Next(Shown, i => _sorted[i]);
        foreach (var slot in _changed)
            slot.Touched = false;
        _changed.Clear();
        (_rebuild, _reordered) = (false, false);
        return new JobsView(new Rows(_shown), _slots.Count, _asked);
    }

    private int Shown => Math.Min(_sorted.Count, _query.Limit ?? int.MaxValue);

    /// <summary>Whether the changes keep the rows and their order, which is the common case: then
    /// nothing moves.</summary>
    private bool KeepsOrder(long now)
    {
        if (_rest.Sort.Count > 0)
            return false;
        foreach (var slot in _changed)
            if (slot.Removed || !KeepsPlace(slot, now))
                return false;
        return true;
    }

    private bool KeepsPlace(Slot slot, long now)
    {
        var fits = QueryEvaluator.Matches(_query, slot.Row, now);
        if (!fits || !slot.Fits)
            return fits == slot.Fits;
        return _query.Sort is not [var key, ..]
            || slot.Text == (key.Field as RowField.Text)?.Get(slot.Row)
                && slot.Rank == QueryEvaluator.Rank(key.Field, slot.Row, now);
    }

    private void Touch(Slot slot)
    {
        if (slot.Touched)
            return;
        slot.Touched = true;
        _changed.Add(slot);
    }

    private void Rebuild(long now)
    {
        _sorted.Clear();
        _reordered = true;
        foreach (var slot in _slots.Values)
            AddFitting(_sorted, slot, now);
        _sorted.Sort((a, b) => Compare(a, b, now));
        _sortedAt = now;
    }

    private void Merge(long now)
    {
        var fresh = new List<Slot>(_changed.Count);
        var merged = _spare;
        merged.Clear();
        _reordered = true;
        foreach (var slot in _changed)
            if (!slot.Removed)
                AddFitting(fresh, slot, now);
        fresh.Sort((a, b) => Compare(a, b, now));
        var next = 0;
        foreach (var slot in _sorted)
        {
            if (slot.Touched)
                continue;
            while (next < fresh.Count && Compare(fresh[next], slot, now) < 0)
                merged.Add(fresh[next++]);
            merged.Add(slot);
        }
        for (; next < fresh.Count; next++)
            merged.Add(fresh[next]);
        (_sorted, _spare) = (merged, _sorted);
    }

    private void AddFitting(List<Slot> to, Slot slot, long now)
    {
        slot.Fits = QueryEvaluator.Matches(_query, slot.Row, now);
        if (!slot.Fits)
            return;
        slot.Text = null;
        if (_asked.By is { } by)
        {
            // What has ended uses nothing.
            slot.Rank = RowField.Statuses.Has(slot.Row, Status.Processing)
                ? usages.Rank(slot.Row.First, by)
                : null;
        }
        else if (_query.Sort is [var key, ..])
        {
            slot.Text = (key.Field as RowField.Text)?.Get(slot.Row);
            slot.Rank = QueryEvaluator.Rank(key.Field, slot.Row, now);
        }
        to.Add(slot);
    }

    // Compares the keys cached when the slot was sorted in, so that passing time cannot break the
    // order.
    private int Compare(Slot a, Slot b, long now)
    {
        if (_asked.By is { } by)
        {
            var order = by.Compare(a.Rank, b.Rank);
            if (order != 0)
                return order;
        }
        else if (_query.Sort is [var key, ..])
        {
            var order = a.Text is null
                ? QueryEvaluator.Compare(key, a.Rank, b.Rank)
                : QueryEvaluator.Compare(key, a.Text, b.Text!);
            if (order != 0)
                return order;
        }
        return _rest.Sort.Count > 0
            ? QueryEvaluator.Compare(_rest, a.Row, b.Row, now)
            : b.Row.First.CompareTo(a.Row.First);
    }

    private static bool DependsOnTime(BoundQuery query) =>
        query.Sort.Any(key => key.Field is RowField.Duration)
        || (query.Filter is { } filter && DependsOnTime(filter));

    private static bool DependsOnTime(BoundNode node) =>
        node switch
        {
            BoundNode.All all => all.Parts.Any(DependsOnTime),
            BoundNode.Any any => any.Parts.Any(DependsOnTime),
            BoundNode.Not not => DependsOnTime(not.Part),
            BoundNode.Test test => test.Operand.Ago || test.Field is RowField.Duration,
            _ => false,
        };

    /// <summary>The current rows of slots: where no row moved, a change costs nothing here, however
    /// many rows there are.</summary>
    private sealed class Rows(ChunkedList<Slot> slots) : IReadOnlyList<JobRow>
    {
        public int Count => slots.Count;

        public JobRow this[int index] => slots[index].Row;

        public IEnumerator<JobRow> GetEnumerator() =>
            slots.Select(slot => slot.Row).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Slot
    {
        private JobRow _row = null!;

        /// <summary>Readable by any thread.</summary>
        public required JobRow Row
        {
            get => Volatile.Read(ref _row);
            set => Volatile.Write(ref _row, value);
        }

        /// <summary>The cached sort key; a null rank: no value.</summary>
        public long? Rank { get; set; }
        public string? Text { get; set; }

        /// <summary>Whether it matched the query when it was sorted in.</summary>
        public bool Fits { get; set; }

        public bool Touched { get; set; }
        public bool Removed { get; set; }
    }
}
