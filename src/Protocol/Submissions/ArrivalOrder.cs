namespace JobCloud.Protocol.Submissions;

/// <summary>Puts items that become ready in any order back into the order in which they arrived. An
/// item that is not ready in time holds up no later one.</summary>
/// <param name="patience">How long an item may hold up later ones, in the unit of the
/// instants.</param>
public sealed class ArrivalOrder<T>(long patience)
    where T : class
{
    private readonly Queue<Place> _places = [];
    private readonly Dictionary<T, Place> _byItem = [];

    private int _held;

    /// <summary>Whether an item that is ready waits for an earlier one.</summary>
    public bool HoldsReady => _held > 0;

    public void Add(T item, long now)
    {
        var place = new Place(item, now);
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
            if (first.State == State.Ready)
            {
                _held--;
                due.Add(first.Item);
            }
            first.WasPassedOver = !first.IsSettled;
        }
        return due;
    }

    private IReadOnlyList<T> Settle(T item, State state, long now)
    {
        if (!_byItem.Remove(item, out var place))
            return [];
        if (place.WasPassedOver)
            return state == State.Ready ? [item] : [];
        place.State = state;
        _held += state == State.Ready ? 1 : 0;
        return Take(now);
    }

    private enum State
    {
        Expected,
        Ready,
        Gone,
    }

    private sealed class Place(T item, long since)
    {
        public T Item { get; } = item;
        public long Since { get; } = since;
        public State State { get; set; }
        public bool WasPassedOver { get; set; }
        public bool IsSettled => State != State.Expected;
    }
}
