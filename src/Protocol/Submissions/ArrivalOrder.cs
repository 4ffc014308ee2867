namespace JobCloud.Protocol.Submissions;

/// <summary>Puts items that become ready in any order back into the order in which they arrived. An
/// item that is not ready in time holds up only the later ones of its series.</summary>
/// <param name="patience">How long an item may hold up later ones, in the unit of the
/// instants.</param>
public sealed class ArrivalOrder<T>(long patience)
    where T : class
{
    private readonly Queue<Place> _places = [];
    private readonly Dictionary<T, Place> _byItem = [];

    /// <summary>By series: what left <see cref="_places"/>, from the first late item on.</summary>
    private readonly Dictionary<string, Queue<Place>> _late = [];

    private int _held;

    /// <summary>Whether an item that is ready waits for an earlier one.</summary>
    public bool HoldsReady => _held > 0;

    /// <param name="series">Empty: the item is of none.</param>
    public void Add(T item, string series, long now)
    {
        var place = new Place(item, series, now);
        _places.Enqueue(place);
        _byItem.Add(item, place);
    }

    /// <summary>Marks an item as ready.</summary>
    /// <returns>All items whose turn it is now, in order.</returns>
    public IReadOnlyList<T> Ready(T item, long now) => Settle(item, State.Ready, now);

    /// <summary>Removes an item, so that no other waits for it.</summary>
    /// <inheritdoc cref="Ready"/>
    public IReadOnlyList<T> Remove(T item, long now) => Settle(item, State.Gone, now);

    /// <summary>Stops waiting for the items that are late.</summary>
    /// <inheritdoc cref="Ready"/>
    public IReadOnlyList<T> Take(long now)
    {
        var due = new List<T>();
        while (_places.TryPeek(out var first) && (first.IsSettled || now - first.Since >= patience))
        {
            _places.Dequeue();
            _held -= first.State == State.Ready ? 1 : 0;
            first.HasLeft = true;
            if (first.Series.Length > 0 && (!first.IsSettled || _late.ContainsKey(first.Series)))
                Keep(first);
            else if (first.State == State.Ready)
                due.Add(first.Item);
        }
        return due;
    }

    private void Keep(Place place)
    {
        if (!_late.TryGetValue(place.Series, out var series))
            _late[place.Series] = series = [];
        series.Enqueue(place);
    }

    private IReadOnlyList<T> Settle(T item, State state, long now)
    {
        if (!_byItem.Remove(item, out var place))
            return [];
        place.State = state;
        if (!place.HasLeft)
        {
            _held += state == State.Ready ? 1 : 0;
            return Take(now);
        }
        return place.Series.Length > 0 ? TakeOf(place.Series)
            : state == State.Ready ? [item]
            : [];
    }

    private List<T> TakeOf(string series)
    {
        var due = new List<T>();
        var late = _late[series];
        while (late.TryPeek(out var first) && first.IsSettled)
        {
            late.Dequeue();
            if (first.State == State.Ready)
                due.Add(first.Item);
        }
        if (late.Count == 0)
            _late.Remove(series);
        return due;
    }

    private enum State
    {
        Expected,
        Ready,
        Gone,
    }

    private sealed class Place(T item, string series, long since)
    {
        public T Item { get; } = item;
        public string Series { get; } = series;
        public long Since { get; } = since;
        public State State { get; set; }

        /// <summary>Whether it is no longer among those that hold up all others.</summary>
        public bool HasLeft { get; set; }
        public bool IsSettled => State != State.Expected;
    }
}
