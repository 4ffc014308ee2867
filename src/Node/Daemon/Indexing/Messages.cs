using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Past;
using JobCloud.Protocol.Queries;

namespace JobCloud.Node.Daemon.Indexing;

// Messages of the index. All stay within one process.

/// <summary>Changes by a segment's commit, sent in the order of the commits and never
/// answered.</summary>
/// <param name="SequenceNr">Sequence number of the commit in the segment's journal.</param>
/// <param name="Unfinished">True if any job of the whole segment is unfinished.</param>
/// <param name="Rows">The changed slices; all slices if the segment has just recovered.</param>
/// <param name="Removed">First jids of voided slices.</param>
/// <param name="Totals">Number of the segment's jobs by status number.</param>
/// <param name="Events">Events of the commit.</param>
internal sealed record SliceRows(
    long Segment,
    long SequenceNr,
    bool Unfinished,
    IReadOnlyList<FeedSlice> Rows,
    IReadOnlyList<long>? Removed = null,
    IReadOnlyList<int>? Totals = null,
    IReadOnlyList<JobEvent>? Events = null
)
{
    /// <summary>The segment's highest jid in use.</summary>
    public long Highest { get; init; }

    /// <summary>Whether data of deleted jobs is still on the disk.</summary>
    public bool HasToErase { get; init; }

    /// <summary>Whether data of deleted jobs was removed just now; the index must have none
    /// either.</summary>
    public bool HasErased { get; init; }

    /// <summary>Whether these are all slices; others are to be removed.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>Subscribes the sender to all changes of the index, after a <see
/// cref="CurrentRows"/>.</summary>
/// <param name="MaxSubmissions">Number of newest submissions wanted.</param>
internal sealed record SubscribeToRows(int MaxSubmissions);

/// <summary>Ends the sender's subscription.</summary>
internal sealed record UnsubscribeFromRows
{
    public static readonly UnsubscribeFromRows Instance = new();
}

/// <summary>The current rows.</summary>
/// <param name="Segments">All segments in the index, with the slices of the newest
/// submissions.</param>
/// <param name="Oldest">First jid of the oldest of these submissions; 0 if these are all.</param>
internal sealed record CurrentRows(IReadOnlyList<SliceRows> Segments, long Oldest);

/// <summary>Asks for the newest submissions that may match; answered with <see
/// cref="SubmissionsListed"/>.</summary>
/// <param name="After">Only submissions with a lower first jid; null to start from the
/// newest.</param>
internal sealed record ListSubmissions(SliceFilter Filter, int Limit, long? After = null);

/// <summary>The same of submissions of several segments alone.</summary>
internal sealed record ListSpanning(SliceFilter Filter, int Limit, long? After = null);

/// <summary>One row per submission, newest first.</summary>
/// <param name="Next">The value of <c>After</c> for the next page; null if there are no
/// more.</param>
internal sealed record SubmissionsListed(IReadOnlyList<JobRow> Rows, long? Next);

/// <summary>Asks for the segments that may have a matching submission of one slice, in the order of
/// the best rank of each; answered with <see cref="SegmentsRanked"/>.</summary>
/// <param name="Key">One that the index has ranges of.</param>
internal sealed record RankSegments(SliceFilter Filter, BoundSortKey Key);

/// <summary>The segments, those with the same best rank newest first.</summary>
internal sealed record SegmentsRanked(IReadOnlyList<RankedSegment> Segments);

/// <param name="Best">The best rank that one of its submissions may have; null: none has
/// any.</param>
internal readonly record struct RankedSegment(long Segment, long? Best);

/// <summary>Asks for the submissions of one slice of some segments; answered with <see
/// cref="SegmentsListed"/>.</summary>
internal sealed record ListSegments(SliceFilter Filter, IReadOnlyList<long> Segments);

/// <param name="Read">How many of the segments were read.</param>
internal sealed record SegmentsListed(IReadOnlyList<JobRow> Rows, int Read);

/// <summary>Asks when the jobs of a period ran, those that had not ended before it and were
/// submitted before its end; answered with <see cref="LivesFound"/>.</summary>
/// <param name="Owner">Owner of the jobs; null for all owners.</param>
/// <param name="Before">Only segments with a lower number; null: all.</param>
internal sealed record FindLives(long From, long Until, string? Owner, long? Before = null);

/// <summary>When jobs ran, newest segments first.</summary>
/// <param name="Next">The value of <c>Before</c> for the next part; null: this is the last.</param>
/// <param name="CutAt">Lower jids of submissions of several segments are missing; 0: none
/// are.</param>
internal sealed record LivesFound(IReadOnlyList<SliceLife> Slices, long? Next, long CutAt);

/// <summary>When the jobs of a slice ran.</summary>
/// <param name="Life">Of several jobs: the first start, and the last end if all have
/// ended.</param>
internal sealed record SliceLife(
    long First,
    long Last,
    JobLife Life,
    long Done,
    long Error,
    long Unfinished
)
{
    public long Count => Last - First + 1;
}

/// <summary>Asks for the slices of a submission that may hold matching jobs; answered with <see
/// cref="SlicesFound"/>.</summary>
internal sealed record FindSlices(long SubmissionFirst, SliceFilter Filter);

/// <summary>Jids of the slices, newest first: at most one slice per segment of the
/// submission.</summary>
internal sealed record SlicesFound(IReadOnlyList<JidRange> Slices);

/// <summary>Asks for the segments with deleted jobs; answered with <see
/// cref="SegmentsWithDeleted"/>.</summary>
/// <param name="Before">Only segments with a lower number.</param>
internal sealed record FindDeleted(long Before, int Limit);

/// <summary>The segments, newest first.</summary>
internal sealed record SegmentsWithDeleted(IReadOnlyList<long> Segments);

/// <summary>Asks for the slices of maps in a range of jids; answered with <see
/// cref="MapSlicesFound"/>.</summary>
/// <param name="Owner">Owner of the maps; null for all owners.</param>
/// <param name="After">Only slices with a greater first jid.</param>
internal sealed record FindMapSlices(JidRange Range, string? Owner, long After, int Limit);

/// <summary>The slices in ascending order.</summary>
internal sealed record MapSlicesFound(IReadOnlyList<MapSlice> Slices);

/// <summary>Resolves one item of a selection to jids; answered with <see
/// cref="SelectionResolved"/>.</summary>
/// <param name="Owner">Owner of the jobs; null for all owners.</param>
internal sealed record ResolveSelection(SelectionItem Item, string? Owner = null);

/// <summary>Ranges in ascending order, without duplicate jids.</summary>
internal sealed record SelectionResolved(IReadOnlyList<ResolvedRange> Ranges);

/// <summary>Selected jids.</summary>
/// <param name="Exact">False if only some of them are selected; their segments know which.</param>
internal sealed record ResolvedRange(long First, long Last, bool Exact);

/// <summary>Asks for slices with jobs, the first submitted first; answered with <see
/// cref="OldSlicesFound"/>.</summary>
/// <param name="After">Only slices with a greater first jid.</param>
/// <param name="IsCounted">Whether the number of all finished jobs is wanted.</param>
internal sealed record FindOldSlices(long After, int Limit, bool IsCounted);

/// <summary>The slices in ascending order.</summary>
/// <param name="Ended">The number of all finished jobs; 0 if it was not asked for.</param>
internal sealed record OldSlicesFound(IReadOnlyList<KeptSlice> Slices, long Ended);

/// <summary>Asks for the submission with a request ID, or the list of them; answered with <see
/// cref="RequestFound"/>.</summary>
internal sealed record FindRequest(string RequestId, string Owner);

/// <summary>The jids of the submission, or 0 if there is none.</summary>
internal sealed record RequestFound(long First, long Last);

/// <summary>Asks for the segments with commits that the index has not seen; answered with <see
/// cref="SegmentsStale"/>.</summary>
/// <param name="OnlyKnown">Whether only segments of which the index has rows are wanted.</param>
internal sealed record FindSegmentsBehind(IReadOnlyList<SegmentHead> Heads, bool OnlyKnown = false);

/// <summary>Asks for the segments to wake; answered with <see cref="SegmentsStale"/>.</summary>
/// <param name="Heads">All segments of the journal; the index deletes any others.</param>
internal sealed record FindStaleSegments(IReadOnlyList<SegmentHead> Heads);

/// <summary>Segments with unfinished jobs or with commits that the index has not seen.</summary>
internal sealed record SegmentsStale(IReadOnlyList<long> Segments);

/// <summary>Published on the event stream after the index has lost rows. Ask it for the stale
/// segments, and have each of them send all its rows.</summary>
internal sealed record IndexFellBehind;
