using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>When a segment's journal is to become one row, and what that row keeps. Commits go on
/// while the history is read; they wait only while the row is made and written, which is when
/// <see cref="HoldsCommits"/>.</summary>
internal sealed class SegmentCompaction(Segment segment, TimeSpan eraseWithin)
{
    /// <summary>A segment that leaves memory keeps this many rows.</summary>
    private const long FewRows = 16;

    /// <summary>An unfinished segment has this many rows, or one for each so many bytes of its
    /// history, so that the work grows with the rows.</summary>
    private const long ManyRows = 4096;
    private const int HistoryBytesPerRow = 64;

    /// <summary>The events that a segment keeps in memory while its history is read; with more it
    /// starts again.</summary>
    private const int MaxBuffered = 20_000;

    private static readonly long RetryMicroseconds = 30_000_000;

    private enum Step
    {
        Idle,
        Reading,
        Writing,
    }

    private readonly List<JobEvent> _since = [];
    private SegmentHistory? _history;
    private Step _step;
    private long _rows;
    private long _most = ManyRows;
    private long _first;
    private long _retryAt;

    /// <summary>Whether the segment must not commit now.</summary>
    public bool HoldsCommits => _step == Step.Writing;

    public bool IsBusy => _step != Step.Idle;

    /// <summary>The sequence number of the compacted row below which rows are still to be deleted;
    /// 0: there are none.</summary>
    public long SweepBelow { get; private set; }

    /// <summary>Whether data of deleted jobs may still be on the disk.</summary>
    public bool HasToErase => segment.UnerasedSince > 0 || SweepBelow > 0;

    /// <summary>Whether a row that is read must be applied: rows that a later one replaces may
    /// have lost those before them.</summary>
    public bool Recovers(long sequenceNr)
    {
        if (_first == 0)
            _first = sequenceNr;
        _rows++;
        return _first == 1;
    }

    /// <summary>A compacted row was read.</summary>
    public void Recovers(SegmentCompacted row, long sequenceNr)
    {
        if (_first > 0 && _first < sequenceNr)
            SweepBelow = sequenceNr;
        _first = 1;
        Count(row);
    }

    /// <summary>Whether rows were read, but not the first.</summary>
    public bool MissesRows => _first > 1;

    /// <summary>Whether to begin.</summary>
    /// <param name="isLeaving">The segment is about to leave memory.</param>
    public bool IsDue(long now, bool isLeaving)
    {
        if (IsBusy || now < _retryAt)
            return false;
        var erase = segment.UnerasedSince;
        return (erase > 0 && now - erase >= eraseWithin.TotalMicroseconds / 2)
            || _rows >= _most
            || (isLeaving && (_rows > FewRows || erase > 0));
    }

    public void Begin()
    {
        _step = Step.Reading;
        _history = null;
        _since.Clear();
    }

    public void Committed(IReadOnlyList<JobEvent> events)
    {
        _rows++;
        if (_step != Step.Reading)
            return;
        _since.AddRange(events);
        if (_since.Count > MaxBuffered)
            _step = Step.Idle;
    }

    /// <summary>The history up to the begin was read; null: it is damaged.</summary>
    public void Read(SegmentHistory? history, long now)
    {
        if (history is null)
            Fail(now);
        else if (_step == Step.Reading)
            _history = history;
    }

    public void Fail(long now)
    {
        _step = Step.Idle;
        _history = null;
        _since.Clear();
        _retryAt = now + RetryMicroseconds;
    }

    /// <summary>Makes the row when no commit is in flight. Null: the history is not yet
    /// there.</summary>
    /// <returns>The work, which needs nothing of the segment.</returns>
    public Func<SegmentCompacted>? TryWrite()
    {
        if (_step != Step.Reading || _history is not { } history)
            return null;
        _step = Step.Writing;
        _history = null;
        history.Add(_since);
        _since.Clear();
        var state = segment.Compact();
        var deleted = segment.Deleted();
        return () =>
        {
            history.RemoveDeleted(deleted);
            return CompactedRow.Of(state, history);
        };
    }

    /// <summary>The row is committed.</summary>
    public void Written(SegmentCompacted row, long sequenceNr)
    {
        _step = Step.Idle;
        SweepBelow = sequenceNr;
        Count(row);
    }

    public void Swept(long below)
    {
        if (SweepBelow == below)
            SweepBelow = 0;
    }

    private void Count(SegmentCompacted row)
    {
        _rows = 0;
        _most = Math.Max(ManyRows, row.HistorySize / HistoryBytesPerRow);
    }
}
