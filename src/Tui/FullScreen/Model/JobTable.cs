using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A cursor and marks over rows that come, go and change places. Both are jids, never places: the cursor
/// stays on its job, and its job on its line of the terminal.</summary>
internal sealed class JobTable
{
    private readonly HashSet<long> _marks = [];
    private IReadOnlyList<JobRow> _rows = [];
    private long _anchor;

    public IReadOnlyList<JobRow> Rows => _rows;

    /// <summary>The row's place; 0 of an empty table.</summary>
    public int Cursor { get; private set; }

    /// <summary>The place of the first line shown.</summary>
    public int Top { get; private set; }

    /// <summary>Lines shown.</summary>
    public int Height { get; private set; } = 1;

    /// <summary>First jids of marked rows; they outlive filters.</summary>
    public IReadOnlySet<long> Marks => _marks;

    public JobRow? Current => Cursor < _rows.Count ? _rows[Cursor] : null;

    /// <summary>Takes in another view of the rows.</summary>
    public void Accept(IReadOnlyList<JobRow> rows)
    {
        var jid = Current?.First;
        _rows = rows;
        if (jid is { } on && PlaceOf(on, Cursor) is { } place)
            (Top, Cursor) = (Top + place - Cursor, place);
        Settle();
    }

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

    /// <summary>Puts the cursor on a job, if its row is there.</summary>
    public bool Find(long jid)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].First > jid || _rows[i].Last < jid)
                continue;
            GoTo(i);
            return true;
        }
        return false;
    }

    /// <summary>Scrolls without moving the cursor off what is shown.</summary>
    public void Scroll(int by)
    {
        Top = Math.Clamp(Top + by, 0, Math.Max(0, _rows.Count - Height));
        Cursor = Math.Clamp(Cursor, Top, Math.Max(Top, Math.Min(Top + Height, _rows.Count) - 1));
    }

    /// <summary>Marks the row of the cursor, or takes its mark away.</summary>
    public void Mark()
    {
        if (Current is not { } row)
            return;
        if (!_marks.Remove(row.First))
            _marks.Add(row.First);
        _anchor = row.First;
    }

    /// <summary>Marks all from the last row marked by itself to the cursor.</summary>
    public void MarkRange()
    {
        if (Current is null)
            return;
        var from = PlaceOf(_anchor, Cursor) ?? Cursor;
        for (var i = Math.Min(from, Cursor); i <= Math.Max(from, Cursor); i++)
            _marks.Add(_rows[i].First);
    }

    public void MarkAll()
    {
        foreach (var row in _rows)
            _marks.Add(row.First);
    }

    /// <summary>Of the rows shown: marked become unmarked, and the other way round.</summary>
    public void Invert()
    {
        foreach (var row in _rows)
            if (!_marks.Remove(row.First))
                _marks.Add(row.First);
    }

    public void Unmark() => _marks.Clear();

    /// <summary>Takes away the marks of rows that are gone.</summary>
    public void KeepMarks(IEnumerable<long> there) => _marks.IntersectWith(there);

    // Rows rarely go far: it is looked for from where it was, outwards.
    private int? PlaceOf(long first, int near)
    {
        for (var away = 0; away <= Math.Max(near, _rows.Count - near); away++)
        {
            if (near + away < _rows.Count && _rows[near + away].First == first)
                return near + away;
            if (near - away >= 0 && near - away < _rows.Count && _rows[near - away].First == first)
                return near - away;
        }
        return null;
    }

    private void Settle()
    {
        Cursor = Math.Clamp(Cursor, 0, Math.Max(0, _rows.Count - 1));
        Top = Math.Clamp(Top, Cursor - Height + 1, Cursor);
        Top = Math.Clamp(Top, 0, Math.Max(0, _rows.Count - Height));
    }
}
