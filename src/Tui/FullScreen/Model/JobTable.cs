using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The job table's cursor and marks: both are jids, never places.</summary>
internal sealed class JobTable() : RowCursor<JobRow, long>(row => row.First)
{
    private readonly HashSet<long> _marks = [];
    private long _anchor;

    /// <summary>First jids of marked rows; they outlive filters.</summary>
    public IReadOnlySet<long> Marks => _marks;

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
            _marks.Add(Rows[i].First);
    }

    public void MarkAll()
    {
        foreach (var row in Rows)
            _marks.Add(row.First);
    }

    /// <summary>Of the rows shown: marked become unmarked, and the other way round.</summary>
    public void Invert()
    {
        foreach (var row in Rows)
            if (!_marks.Remove(row.First))
                _marks.Add(row.First);
    }

    public void Unmark() => _marks.Clear();

    /// <summary>Takes away the marks of rows that are gone.</summary>
    public void KeepMarks(IEnumerable<long> there) => _marks.IntersectWith(there);
}
