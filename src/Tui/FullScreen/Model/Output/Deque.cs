namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A double-ended queue. Each item has a number that stays the same when items are added
/// or removed at either end.</summary>
internal sealed class Deque<T>
{
    private T[] _items = new T[16];
    private int _head;

    /// <summary>The number of the first item, or of the next one if it is empty.</summary>
    public long First { get; private set; }
    public int Count { get; private set; }

    /// <summary>One more than the last item's number.</summary>
    public long End => First + Count;

    public T this[long number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, First);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, End);
            return _items[Slot((int)(number - First))];
        }
    }

    public void AddLast(T item)
    {
        Grow();
        _items[Slot(Count++)] = item;
    }

    public void AddFirst(T item)
    {
        Grow();
        _head = Slot(_items.Length - 1);
        _items[_head] = item;
        First--;
        Count++;
    }

    public T RemoveFirst()
    {
        var item = this[First];
        _items[_head] = default!;
        _head = Slot(1);
        First++;
        Count--;
        return item;
    }

    public T RemoveLast()
    {
        var item = this[End - 1];
        _items[Slot(--Count)] = default!;
        return item;
    }

    private int Slot(int index) => (_head + index) & (_items.Length - 1);

    // The length stays a power of two.
    private void Grow()
    {
        if (Count < _items.Length)
            return;
        var larger = new T[_items.Length * 2];
        for (var i = 0; i < Count; i++)
            larger[i] = _items[Slot(i)];
        (_items, _head) = (larger, 0);
    }
}
