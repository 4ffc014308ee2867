using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Feed;

/// <summary>
/// The newest submissions of the whole cloud, folded from what segments say, and in which order they
/// changed: whoever knows one version of it gets all later changes in time that depends on those alone.
/// </summary>
/// <param name="capacity">Submissions at most; the oldest are left out.</param>
/// <param name="since">When it begins, µs.</param>
public sealed class FeedTable(int capacity, long since)
{
    private readonly Dictionary<long, Entry> entries = [];
    private readonly SortedSet<long> firsts = [];
    private readonly LinkedList<Entry> byChange = new();
    private readonly Queue<(long Version, long First)> gone = [];
    private readonly Dictionary<long, (long SequenceNr, long[] Totals)> segments = [];
    private readonly long[] counts = new long[Statuses.Count];
    private readonly AttemptTally tally = new(since, capacity);
    private long oldest;

    /// <summary>Grows with each change.</summary>
    public long Version { get; private set; }

    /// <summary>What was removed up to this version is not remembered any more.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Older submissions are left out.</summary>
    public bool IsTruncated => oldest > 0;

    public int Count => entries.Count;

    public CloudCounts Counts =>
        new()
        {
            Jobs = { 0, counts[1..] },
            Started = tally.Started,
            EndedDone = tally.EndedDone,
            EndedOtherwise = tally.EndedOtherwise,
        };

    /// <summary>Folds one segment's word in. False: a later one was heard before.</summary>
    public bool Apply(SegmentNews news)
    {
        var known = segments.TryGetValue(news.Segment, out var head);
        if (known && head.SequenceNr > news.SequenceNr)
            return false;
        Version++;
        var totals = new long[Statuses.Count];
        for (var status = 0; status < totals.Length; status++)
        {
            totals[status] = status < news.Totals.Count ? news.Totals[status] : 0;
            counts[status] += totals[status] - (known ? head.Totals[status] : 0);
        }
        segments[news.Segment] = (news.SequenceNr, totals);
        foreach (var slice in news.Slices)
            Put(slice);
        foreach (var first in news.Removed)
            Void(first);
        foreach (var e in news.Events)
            tally.Count(e);
        while (entries.Count > capacity)
            Truncate(firsts.Min + 1);
        return true;
    }

    /// <summary>Submissions before this one are not known whole: they are left out from now on.</summary>
    public void Truncate(long before)
    {
        oldest = Math.Max(oldest, before);
        while (firsts.Count > 0 && firsts.Min < oldest)
            Drop(entries[firsts.Min]);
    }

    /// <summary>Submissions that changed after <paramref name="version"/>, the last changed first;
    /// without a row: all its jobs were deleted. Known: who was told of it then knows which work it is.</summary>
    public IEnumerable<(long First, JobRow? Row, bool IsKnown)> Changed(long version)
    {
        for (var at = byChange.Last; at is not null && at.Value.Version > version; at = at.Previous)
            yield return (at.Value.First, at.Value.Row, at.Value.WorkVersion <= version);
    }

    /// <summary>First jids of submissions that are left out since <paramref name="version"/>.</summary>
    public IEnumerable<long> Dropped(long version) =>
        gone.Where(g => g.Version > version && !entries.ContainsKey(g.First))
            .Select(g => g.First)
            .Distinct();

    /// <summary>The oldest first jid among the newest <paramref name="rows"/> submissions.</summary>
    public long FloorOf(int rows) =>
        firsts.Count <= rows ? oldest : firsts.Reverse().Skip(rows - 1).First();

    public IEnumerable<long> Between(long from, long before) =>
        from < before ? firsts.GetViewBetween(from, before - 1) : [];

    /// <summary>The submission of which a job is; null: it is left out.</summary>
    public JobRow? Of(long jid) => Around(jid)?.Row is { } row && row.Last >= jid ? row : null;

    private void Put(FeedSlice slice)
    {
        if (slice.SubmissionFirst < oldest)
            return;
        if (!entries.TryGetValue(slice.SubmissionFirst, out var entry))
        {
            entries[slice.SubmissionFirst] = entry = new Entry(slice.SubmissionFirst);
            firsts.Add(entry.First);
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
        firsts.Count > 0 && firsts.Min <= jid
            ? entries[firsts.GetViewBetween(firsts.Min, jid).Max]
            : null;

    private void Changed(Entry entry)
    {
        entry.Version = Version;
        entry.Merged = false;
        if (entry.Place is { } place)
            byChange.Remove(place);
        else
            entry.Place = new LinkedListNode<Entry>(entry);
        byChange.AddLast(entry.Place);
    }

    private void Drop(Entry entry)
    {
        entries.Remove(entry.First);
        firsts.Remove(entry.First);
        if (entry.Place is { } place)
            byChange.Remove(place);
        gone.Enqueue((Version, entry.First));
        if (gone.Count > capacity)
            Forgotten = gone.Dequeue().Version;
    }

    private sealed class Entry(long first)
    {
        private JobRow? row;

        public long First { get; } = first;
        public SortedList<long, FeedSlice> Slices { get; } = [];
        public long Version { get; set; }
        public LinkedListNode<Entry>? Place { get; set; }

        /// <summary>Since when it has been the same work (<see cref="RowProgress"/>), as the row told last.</summary>
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
                return row;
            }
        }

        private void Merge()
        {
            var before = row;
            (row, Merged) = (FeedRows.Merge([.. Slices.Values]), true);
            if (before is null || row is null || !RowProgress.IsOfSameWork(before, row))
                WorkVersion = Version;
        }
    }
}
