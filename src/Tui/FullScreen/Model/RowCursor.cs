namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A cursor over rows that are added, removed and moved. It stays on its row, and the row
/// on its line of the terminal; when the row is removed, the cursor keeps its position.</summary>
/// <param name="keyOf">Returns the key that identifies a row.</param>
internal class RowCursor<TRow, TKey>(Func<TRow, TKey> keyOf)
    where TRow : class
    where TKey : struct, IEquatable<TKey>
{
    public IReadOnlyList<TRow> Rows { get; private set; } = [];

    /// <summary>The index of the cursor's row; 0 in an empty table.</summary>
    public int Cursor { get; private set; }

    /// <summary>The index of the first visible row.</summary>
    public int Top { get; private set; }

    /// <summary>The number of visible lines.</summary>
    public int Height { get; private set; } = 1;

    public TRow? Current => Cursor < Rows.Count ? Rows[Cursor] : null;

    public IEnumerable<TRow> InSight
    {
        get
        {
            for (var i = Top; i < Math.Min(Top + Height, Rows.Count); i++)
                yield return Rows[i];
        }
    }

    public bool IsAtEnd => Cursor >= Rows.Count - 1;

    /// <summary>Replaces the rows.</summary>
    public void Accept(IReadOnlyList<TRow> rows)
    {
        var current = Current;
        Rows = rows;
        if (current is not null && PlaceOf(keyOf(current), Cursor) is { } place)
            (Top, Cursor) = (Top + place - Cursor, place);
        Settle();
    }

    /// <summary>Moves the cursor to a row; false: there is no such row.</summary>
    public bool GoToKey(TKey key)
    {
        if (PlaceOf(key, Cursor) is not { } place)
            return false;
        GoTo(place);
        return true;
    }

    /// <summary>The key of the row at a place.</summary>
    protected TKey KeyAt(int place) =>
        Rows is IKeyedRows<TKey> keyed ? keyed.KeyAt(place) : keyOf(Rows[place]);

    public void Resize(int height)
    {
        Height = Math.Max(1, height);
        Settle();
    }

    public void Move(int by) => GoTo(Cursor + by);

    public void GoTo(int place)
    {
        Cursor = place;
        Settle();
    }

    /// <summary>Scrolls; the cursor moves only where it would leave the screen.</summary>
    public void Scroll(int by)
    {
        Top = Math.Clamp(Top + by, 0, Math.Max(0, Rows.Count - Height));
        Cursor = Math.Clamp(Cursor, Top, Math.Max(Top, Math.Min(Top + Height, Rows.Count) - 1));
    }

    // Searches outwards from the previous index, because rows rarely move far.
    protected int? PlaceOf(TKey key, int near)
    {
        if (Rows is IKeyedRows<TKey> keyed)
            return keyed.PlaceOf(key);
        for (var away = 0; away <= Math.Max(near, Rows.Count - near); away++)
        {
            if (Is(near + away, key))
                return near + away;
            if (Is(near - away, key))
                return near - away;
        }
        return null;
    }

    private bool Is(int place, TKey key) =>
        (uint)place < (uint)Rows.Count && KeyAt(place).Equals(key);

    private void Settle()
    {
        Cursor = Math.Clamp(Cursor, 0, Math.Max(0, Rows.Count - 1));
        Top = Math.Clamp(Top, Cursor - Height + 1, Cursor);
        Top = Math.Clamp(Top, 0, Math.Max(0, Rows.Count - Height));
    }
}

/// <summary>Rows whose keys are known before the rows.</summary>
internal interface IKeyedRows<TKey>
{
    TKey KeyAt(int place);

    int? PlaceOf(TKey key);
}
