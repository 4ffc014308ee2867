using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The job table's cursor and marks, both kept by jid, not by position.</summary>
internal sealed class JobTable() : RowCursor<JobRow, long>(row => row.First)
{
    private readonly HashSet<long> _marks = [];
    private long _anchor;

    /// <summary>The first jids of the marked rows; marks survive filtering.</summary>
    public IReadOnlySet<long> Marks => _marks;

    /// <summary>Toggles the mark of the cursor's row.</summary>
    public void Mark()
    {
        if (Current is not { } row)
            return;
        if (!_marks.Remove(row.First))
            _marks.Add(row.First);
        _anchor = row.First;
    }

    /// <summary>Marks the rows from the last one marked with <see cref="Mark"/> to the
    /// cursor.</summary>
    public void MarkRange()
    {
        if (Current is null)
            return;
        var from = PlaceOf(_anchor, Cursor) ?? Cursor;
        for (var i = Math.Min(from, Cursor); i <= Math.Max(from, Cursor); i++)
            _marks.Add(Rows[i].First);
    }

    public void MarkAll()
    {
        foreach (var row in Rows)
            _marks.Add(row.First);
    }

    /// <summary>Inverts the marks of the rows shown.</summary>
    public void Invert()
    {
        foreach (var row in Rows)
            if (!_marks.Remove(row.First))
                _marks.Add(row.First);
    }

    public void Unmark() => _marks.Clear();

    /// <summary>Removes the marks of rows that no longer exist.</summary>
    public void KeepMarks(IEnumerable<long> existing) => _marks.IntersectWith(existing);
}
