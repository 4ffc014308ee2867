using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Feed;

/// <summary>
/// The newest submissions of the whole cloud, folded from the news of segments and ordered by their
/// last change. Finding the changes since a version costs time for those changes only.
/// </summary>
/// <param name="capacity">Limit of submissions; the oldest are dropped.</param>
/// <param name="since">Start of the table, µs.</param>
public sealed class FeedTable(int capacity, long since)
{
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly SortedSet<long> _firsts = [];
    private readonly LinkedList<Entry> _byChange = new();
    private readonly Queue<(long Version, long First)> _dropped = [];
    private readonly Dictionary<long, (long SequenceNr, long[] Totals)> _segments = [];
    private readonly long[] _counts = new long[Statuses.Count];
    private readonly AttemptCounter _tally = new(since, capacity);
    private long _oldest;

    /// <summary>Grows with each change.</summary>
    public long Version { get; private set; }

    /// <summary>The table has forgotten removals up to this version.</summary>
    public long ForgottenVersion { get; private set; }

    public int Count => _entries.Count;

    /// <summary>First jid of the newest submission; 0: none.</summary>
    public long Newest => _firsts.Max;

    public CloudCounts Counts =>
        new()
        {
            Jobs = { 0, _counts[1..] },
            Started = _tally.Started,
            EndedDone = _tally.EndedDone,
            EndedOtherwise = _tally.EndedOtherwise,
        };

    /// <summary>Applies news of a segment; false: the table has newer ones.</summary>
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

    /// <summary>Leaves out submissions before this jid, which are incomplete.</summary>
    public void Truncate(long before)
    {
        _oldest = Math.Max(_oldest, before);
        while (_firsts.Count > 0 && _firsts.Min < _oldest)
            Drop(_entries[_firsts.Min]);
    }

    /// <summary>Submissions that changed after <paramref name="version"/>, the last change first.
    /// Without a row: all its jobs were deleted. IsKnown: the constant values of the row are
    /// unchanged since that version.</summary>
    public IEnumerable<(long First, JobRow? Row, bool IsKnown)> Changed(long version)
    {
        for (
            var at = _byChange.Last;
            at is not null && at.Value.Version > version;
            at = at.Previous
        )
            yield return (at.Value.First, at.Value.Row, at.Value.ConstantsVersion <= version);
    }

    /// <summary>First jids of submissions dropped since <paramref name="version"/>.</summary>
    public IEnumerable<long> Dropped(long version) =>
        _dropped
            .Where(d => d.Version > version && !_entries.ContainsKey(d.First))
            .Select(d => d.First)
            .Distinct();

    /// <summary>The oldest first jid among the newest <paramref name="rows"/>
    /// submissions.</summary>
    public long FloorOf(int rows) =>
        _firsts.Count <= rows ? _oldest : _firsts.Reverse().Skip(rows - 1).First();

    public IEnumerable<long> Between(long from, long before) =>
        from < before ? _firsts.GetViewBetween(from, before - 1) : [];

    /// <summary>The submission of a job; null: it is left out.</summary>
    public JobRow? Of(Jid jid) => Around(jid)?.Row is { } row && row.Last >= jid ? row : null;

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
        if (Around(new Jid(sliceFirst)) is not { } entry || !entry.Slices.Remove(sliceFirst))
            return;
        if (entry.Slices.Count == 0)
            Drop(entry);
        else
            Changed(entry);
    }

    /// <summary>The last submission that starts at or before this jid.</summary>
    private Entry? Around(Jid jid) =>
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
        _dropped.Enqueue((Version, entry.First));
        if (_dropped.Count > capacity)
            ForgottenVersion = _dropped.Dequeue().Version;
    }

    private sealed class Entry(long first)
    {
        private JobRow? _row;

        public long First { get; } = first;
        public SortedList<long, FeedSlice> Slices { get; } = [];
        public long Version { get; set; }
        public LinkedListNode<Entry>? Place { get; set; }

        /// <summary>The last version that changed the row's constant values
        /// (<see cref="RowProgress"/>).</summary>
        public long ConstantsVersion { get; private set; }

        /// <summary>Whether the row is up to date.</summary>
        public bool Merged { get; set; }

        /// <summary>The merged row; null: all its jobs were deleted.</summary>
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
            if (before is null || _row is null || !RowProgress.HasSameConstants(before, _row))
                ConstantsVersion = Version;
        }
    }
}
