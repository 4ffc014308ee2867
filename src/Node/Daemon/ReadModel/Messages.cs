using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.ReadModel;

// What the index is told and asked. All of it stays within one process.

/// <summary>What a segment's commit changed; told in the order of the commits, never
/// answered.</summary>
/// <param name="SequenceNr">Of the commit, in the segment's journal.</param>
/// <param name="Unfinished">Whether any job of the whole segment is.</param>
/// <param name="Rows">The slices that changed; all of them when the segment has just
/// recovered.</param>
/// <param name="Removed">First jids of slices that were voided.</param>
/// <param name="Totals">All jobs of the segment by status number.</param>
/// <param name="Events">Of the commit.</param>
internal sealed record SliceRows(
    long Segment,
    long SequenceNr,
    bool Unfinished,
    IReadOnlyList<FeedSlice> Rows,
    IReadOnlyList<long>? Removed = null,
    IReadOnlyList<int>? Totals = null,
    IReadOnlyList<JobEvent>? Events = null
);

/// <summary>The sender is told all that the index is told from now on, after a
/// <see cref="RowsNow"/>.</summary>
/// <param name="Most">Newest submissions that it wants to know.</param>
internal sealed record ListenToRows(int Most);

/// <summary>The sender listens no more.</summary>
internal sealed record StopListening
{
    public static readonly StopListening Instance = new();
}

/// <summary>How things stand.</summary>
/// <param name="Segments">All that the index knows of, with the slices of the newest
/// submissions.</param>
/// <param name="Oldest">The first of these submissions; 0: these are all.</param>
internal sealed record RowsNow(IReadOnlyList<SliceRows> Segments, long Oldest);

/// <summary>The newest submissions that may fit; answered with
/// <see cref="SubmissionsListed"/>.</summary>
/// <param name="After">Only those whose first jid is lower; null: from the newest.</param>
internal sealed record ListSubmissions(SliceFilter Filter, int Limit, long? After = null);

/// <summary>One row a submission, newest first.</summary>
/// <param name="Next">What to pass as <c>After</c> to go on; null: there are no more.</param>
internal sealed record SubmissionsListed(IReadOnlyList<JobRow> Rows, long? Next);

/// <summary>The slices of a submission that may hold jobs that fit; answered with
/// <see cref="SlicesFound"/>.</summary>
internal sealed record FindSlices(long SubmissionFirst, SliceFilter Filter);

/// <summary>Their jids, the newest first: at most one slice a segment of the submission.</summary>
internal sealed record SlicesFound(IReadOnlyList<JidRange> Slices);

/// <summary>Turns one item of a selection into jids; answered with
/// <see cref="SelectionResolved"/>.</summary>
/// <param name="Owner">Whose jobs; null: everybody's.</param>
internal sealed record ResolveSelection(SelectionItem Item, string? Owner = null);

/// <summary>Ranges in rising order, in which each jid stands once.</summary>
internal sealed record SelectionResolved(IReadOnlyList<ResolvedRange> Ranges);

/// <summary>Jids that were meant.</summary>
/// <param name="Exact">False: only some of them; their segments know which.</param>
internal sealed record ResolvedRange(long First, long Last, bool Exact);

/// <summary>Which submission was made with a token; answered with
/// <see cref="RequestFound"/>.</summary>
internal sealed record FindRequest(string Token, string Owner);

/// <summary>The jids of a submission; 0: there is none.</summary>
internal sealed record RequestFound(long First, long Last);

/// <summary>Which segments have committed what the index has not seen; answered with
/// <see cref="SegmentsStale"/>.</summary>
internal sealed record FindBehind(IReadOnlyList<SegmentHead> Heads);

/// <summary>Which segments must be woken; answered with <see cref="SegmentsStale"/>.</summary>
/// <param name="Heads">All segments of the journal: what is not among them is forgotten.</param>
internal sealed record FindStaleSegments(IReadOnlyList<SegmentHead> Heads);

/// <summary>Segments that have unfinished jobs, or commits that the index has not seen.</summary>
internal sealed record SegmentsStale(IReadOnlyList<long> Segments);

/// <summary>
/// Published on the event stream: the index lost what it was told. Ask it which segments are stale,
/// and have each of them tell all its rows.
/// </summary>
internal sealed record IndexFellBehind;
