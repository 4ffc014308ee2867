namespace JobCloud.Protocol.Rows;

/// <summary>
/// Says from which row of the journal on an index reads what other nodes have committed. Rows are
/// numbered when they are written, and can become visible after rows with higher numbers, but only
/// for a limited time: so it is enough to read the rows above the newest one of that long ago.
/// </summary>
/// <param name="late">The longest time from the number of a row to its acknowledgement.</param>
public sealed class JournalMarks(TimeSpan late)
{
    /// <summary>Marks within the limit, at most.</summary>
    private const int MarksMax = 8;

    /// <summary>Rows that cost as much as the newest row of one segment.</summary>
    private const int RowsPerSegment = 4;

    private readonly Queue<(TimeSpan At, long Newest)> _marks = [];
    private TimeSpan _markedAt;
    private long _newest;
    private int _segments;

    /// <summary>The row above which to read; null: the newest row of every segment is to be read,
    /// since there is no mark yet, or that is less.</summary>
    /// <param name="now">A time that only ever grows.</param>
    public long? After(TimeSpan now)
    {
        while (_marks.Count > 1 && now - _marks.ElementAt(1).At >= late)
            _marks.Dequeue();
        return
            _marks.TryPeek(out var mark)
            && now - mark.At >= late
            && _newest - mark.Newest <= (long)RowsPerSegment * _segments
            ? mark.Newest
            : null;
    }

    /// <summary>Notes that the index has everything up to a row that was visible at a
    /// time.</summary>
    /// <param name="segments">The number of all segments, if they were read.</param>
    public void Note(TimeSpan at, long newest, int? segments)
    {
        _segments = segments ?? _segments;
        _newest = newest;
        if (_marks.Count > 0 && at - _markedAt < late / MarksMax)
            return;
        _marks.Enqueue((at, newest));
        _markedAt = at;
    }

    /// <summary>The index lost rows.</summary>
    public void Clear() => _marks.Clear();
}
