using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Feed;

/// <summary>
/// The newest submissions of the whole cloud, folded from what segments say, and in which order
/// they changed: whoever knows one version of it gets all later changes in time that depends on
/// those alone.
/// </summary>
/// <param name="capacity">Submissions at most; the oldest are left out.</param>
/// <param name="since">When it begins, µs.</param>
public sealed class FeedTable(int capacity, long since)
{
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly SortedSet<long> _firsts = [];
    private readonly LinkedList<Entry> _byChange = new();
    private readonly Queue<(long Version, long First)> _gone = [];
    private readonly Dictionary<long, (long SequenceNr, long[] Totals)> _segments = [];
    private readonly long[] _counts = new long[Statuses.Count];
    private readonly AttemptTally _tally = new(since, capacity);
    private long _oldest;

    /// <summary>Grows with each change.</summary>
    public long Version { get; private set; }

    /// <summary>What was removed up to this version is not remembered any more.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Older submissions are left out.</summary>
    public bool IsTruncated => _oldest > 0;

    public int Count => _entries.Count;

    /// <summary>First jid of the newest submission; 0: there is none.</summary>
    public long Newest => _firsts.Max;

    public CloudCounts Counts =>
        new()
        {
            Jobs = { 0, _counts[1..] },
            Started = _tally.Started,
            EndedDone = _tally.EndedDone,
            EndedOtherwise = _tally.EndedOtherwise,
        };

    /// <summary>Folds one segment's word in. False: a later one was heard before.</summary>
    public bool Apply(SegmentNews news)
    {
        var known = _segments.TryGetValue(news.Segment, out var head);
        if (known && head.SequenceNr > news.SequenceNr)
            return false;
        Version++;
        var totals = new long[Statuses.Count];
        for (var status = 0; status < totals.Length; status++)
        {
            totals[status] = status < news.Totals.Count ? news.Totals[status] : 0;
            _counts[status] += totals[status] - (known ? head.Totals[status] : 0);
        }
        _segments[news.Segment] = (news.SequenceNr, totals);
        foreach (var slice in news.Slices)
            Put(slice);
        foreach (var first in news.Removed)
            Void(first);
        foreach (var e in news.Events)
            _tally.Count(e);
        while (_entries.Count > capacity)
            Truncate(_firsts.Min + 1);
        return true;
    }

    /// <summary>Submissions before this one are not known whole: they are left out from now
    /// on.</summary>
    public void Truncate(long before)
    {
        _oldest = Math.Max(_oldest, before);
        while (_firsts.Count > 0 && _firsts.Min < _oldest)
            Drop(_entries[_firsts.Min]);
    }

    /// <summary>Submissions that changed after <paramref name="version"/>, the last changed first;
    /// without a row: all its jobs were deleted. Known: who was told of it then knows which work it
    /// is.</summary>
    public IEnumerable<(long First, JobRow? Row, bool IsKnown)> Changed(long version)
    {
        for (
            var at = _byChange.Last;
            at is not null && at.Value.Version > version;
            at = at.Previous
        )
            yield return (at.Value.First, at.Value.Row, at.Value.WorkVersion <= version);
    }

    /// <summary>First jids of submissions that are left out since
    /// <paramref name="version"/>.</summary>
    public IEnumerable<long> Dropped(long version) =>
        _gone
            .Where(g => g.Version > version && !_entries.ContainsKey(g.First))
            .Select(g => g.First)
            .Distinct();

    /// <summary>The oldest first jid among the newest <paramref name="rows"/>
    /// submissions.</summary>
    public long FloorOf(int rows) =>
        _firsts.Count <= rows ? _oldest : _firsts.Reverse().Skip(rows - 1).First();

    public IEnumerable<long> Between(long from, long before) =>
        from < before ? _firsts.GetViewBetween(from, before - 1) : [];

    /// <summary>The submission of which a job is; null: it is left out.</summary>
    public JobRow? Of(long jid) => Around(jid)?.Row is { } row && row.Last >= jid ? row : null;

    private void Put(FeedSlice slice)
    {
        if (slice.SubmissionFirst < _oldest)
            return;
        if (!_entries.TryGetValue(slice.SubmissionFirst, out var entry))
        {
            _entries[slice.SubmissionFirst] = entry = new Entry(slice.SubmissionFirst);
            _firsts.Add(entry.First);
        }
        entry.Slices[slice.Row.First] = slice;
        Changed(entry);
    }

    private void Void(long sliceFirst)
    {
        if (Around(sliceFirst) is not { } entry || !entry.Slices.Remove(sliceFirst))
            return;
        if (entry.Slices.Count == 0)
            Drop(entry);
        else
            Changed(entry);
    }

    /// <summary>The last submission that begins at this jid or before it.</summary>
    private Entry? Around(long jid) =>
        _firsts.Count > 0 && _firsts.Min <= jid
            ? _entries[_firsts.GetViewBetween(_firsts.Min, jid).Max]
            : null;

    private void Changed(Entry entry)
    {
        entry.Version = Version;
        entry.Merged = false;
        if (entry.Place is { } place)
            _byChange.Remove(place);
        else
            entry.Place = new LinkedListNode<Entry>(entry);
        _byChange.AddLast(entry.Place);
    }

    private void Drop(Entry entry)
    {
        _entries.Remove(entry.First);
        _firsts.Remove(entry.First);
        if (entry.Place is { } place)
            _byChange.Remove(place);
        _gone.Enqueue((Version, entry.First));
        if (_gone.Count > capacity)
            Forgotten = _gone.Dequeue().Version;
    }

    private sealed class Entry(long first)
    {
        private JobRow? _row;

        public long First { get; } = first;
        public SortedList<long, FeedSlice> Slices { get; } = [];
        public long Version { get; set; }
        public LinkedListNode<Entry>? Place { get; set; }

        /// <summary>Since when it has been the same work (<see cref="RowProgress"/>), as the row
        /// told last.</summary>
        public long WorkVersion { get; private set; }

        /// <summary>Whether the row is up to date.</summary>
        public bool Merged { get; set; }

        /// <summary>Null: all its jobs were deleted.</summary>
        public JobRow? Row
        {
            get
            {
                if (!Merged)
                    Merge();
                return _row;
            }
        }

        private void Merge()
        {
            var before = _row;
            (_row, Merged) = (FeedRows.Merge([.. Slices.Values]), true);
            if (before is null || _row is null || !RowProgress.IsOfSameWork(before, _row))
                WorkVersion = Version;
        }
    }
}
