using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The job table's cursor and marks, both kept by jid, not by position.</summary>
internal sealed class JobTable() : RowCursor<JobRow, long>(row => row.First)
{
    /// <summary>The number of rows above which not all can be marked.</summary>
    public const int MaxMarks = 100_000;

    private readonly HashSet<long> _marks = [];
    private long _anchor;

    /// <summary>The first jids of the marked rows; marks survive filtering.</summary>
    public IReadOnlySet<long> Marks => _marks;

    /// <summary>Toggles the mark of the cursor's row.</summary>
    public void Mark()
    {
        if (Current is not null)
            Mark(KeyAt(Cursor));
    }

    /// <summary>Toggles the mark of the row that begins with a jid.</summary>
    public void Mark(long first)
    {
        if (!_marks.Remove(first))
            _marks.Add(first);
        _anchor = first;
    }

    /// <summary>Marks jobs; if all are marked, unmarks them. Returns false, and changes nothing, if
    /// the marks would be too many.</summary>
    public bool TryMark(long first, long last)
    {
        var jids = new HashSet<long>();
        for (var jid = first; jid <= last && jids.Count <= MaxMarks; jid++)
            jids.Add(jid);
        if (_marks.IsSupersetOf(jids))
            _marks.ExceptWith(jids);
        else if (_marks.Count + jids.Count - jids.Count(_marks.Contains) > MaxMarks)
            return false;
        else
            _marks.UnionWith(jids);
        _anchor = last;
        return true;
    }

    /// <summary>Marks the rows from the last one marked to the
    /// cursor.</summary>
    public void MarkRange()
    {
        if (Current is null)
            return;
        var from = PlaceOf(_anchor, Cursor) ?? Cursor;
        for (var i = Math.Min(from, Cursor); i <= Math.Max(from, Cursor); i++)
            _marks.Add(KeyAt(i));
    }

    public void MarkAll()
    {
        for (var i = 0; i < Rows.Count; i++)
            _marks.Add(KeyAt(i));
    }

    /// <summary>Inverts the marks of the rows shown.</summary>
    public void Invert()
    {
        for (var i = 0; i < Rows.Count; i++)
            if (!_marks.Remove(KeyAt(i)))
                _marks.Add(KeyAt(i));
    }

    public void Unmark() => _marks.Clear();

    /// <summary>Removes the marks of rows that no longer exist.</summary>
    public void KeepMarks(IEnumerable<long> existing) => _marks.IntersectWith(existing);
}
