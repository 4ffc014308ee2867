using Akka.Actor;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>A checked submission that needs jids.</summary>
/// <param name="Facts">Everything but the jids; with the columns of the whole submission.</param>
internal sealed record SubmitJobs(Submitted Facts, long Count)
{
    /// <summary>The contents that it refers to.</summary>
    public IReadOnlyList<BlobRef> Blobs { get; } = SentContents.Blobs(Facts.Spec, Facts.Columns);

    /// <summary>Null: it has no request ID.</summary>
    public RequestKey? Key =>
        Facts.RequestId == "" ? null : new RequestKey(Facts.Owner, Facts.RequestId);
}

/// <summary>The answer to <see cref="SubmitJobs"/>: the jids or a refusal.</summary>
internal sealed record JobsSubmitted(long First, long Last, Refusal? Refusal = null);

/// <summary>A submission in progress: its jids and its uncommitted slices.</summary>
internal sealed class PendingSubmission(SubmitJobs request, IActorRef client)
{
    private readonly HashSet<long> _open = [];
    private bool _tailsSent;

    public SubmitJobs Request { get; } = request;
    public List<IActorRef> Clients { get; } = [client];
    public long First { get; private set; }
    public long Last => First + Request.Count - 1;
    public long SentAt { get; private set; }

    /// <summary>Deadline for sending; later, another node may submit under its request
    /// ID.</summary>
    public long SendUntil { get; private set; } = long.MaxValue;

    /// <summary>Whether its request ID is claimed and must be released.</summary>
    public bool IsClaimed { get; private set; }
    public long HeadSegment => Segments.Of(First);
    public bool SpansSegments => Segments.Of(Last) != HeadSegment;
    public bool IsHeadSent { get; private set; }

    /// <summary>The first jid for which the references to its contents are written; 0: for
    /// none.</summary>
    public long BoundFirst { get; set; }

    /// <summary>Whether its references must be written before it is sent under this
    /// jid.</summary>
    public bool NeedsReferences(long first) => Request.Blobs.Count > 0 && BoundFirst != first;

    public void AssignJids(long first, long now) => (First, SentAt) = (first, now);

    /// <summary>Records that this node has claimed the request ID.</summary>
    public void Claim(long sendUntil) => (IsClaimed, SendUntil) = (true, sendUntil);

    /// <summary>The slices to send now: first all but the head, held; once those are committed, the
    /// head, which is the commit point.</summary>
    public IEnumerable<SegmentRequest> Next()
    {
        if (_open.Count > 0 || IsHeadSent)
            yield break;
        IsHeadSent = !SpansSegments || _tailsSent;
        _tailsSent = true;
        var from = IsHeadSent ? HeadSegment : HeadSegment + 1;
        var to = IsHeadSent ? HeadSegment : Segments.Of(Last);
        for (var segment = from; segment <= to; segment++)
        {
            _open.Add(segment);
            yield return Slice(segment);
        }
    }

    /// <summary>Records a committed slice; true once all slices sent are committed.</summary>
    public bool Committed(long segment) => _open.Remove(segment) && _open.Count == 0;

    public bool IsDone => IsHeadSent && _open.Count == 0;

    public IEnumerable<SegmentRequest> Releases() =>
        AllSegments()
            .Skip(1)
            .Select(segment => new SegmentRequest
            {
                Segment = segment,
                Release = new ReleaseSubmission { SubmissionFirst = First },
            });

    /// <summary>The segments of its jobs, ascending.</summary>
    public IEnumerable<long> AllSegments()
    {
        for (var segment = HeadSegment; segment <= Segments.Of(Last); segment++)
            yield return segment;
    }

    private SegmentRequest Slice(long segment)
    {
        var first = Math.Max(First, Segments.First(segment));
        var count = (int)(Math.Min(Last, Segments.Last(segment)) - first + 1);
        var facts = Request.Facts.Clone();
        facts.SubmissionFirst = First;
        facts.SubmissionLast = Last;
        facts.Columns.Clear();
        facts.Columns.AddRange(MapColumns.Slice(Request.Facts.Columns, first - First, count));
        return new SegmentRequest
        {
            Segment = segment,
            By = facts.Owner,
            Submit = new SubmitSlice
            {
                First = first,
                Count = count,
                Submitted = facts,
                Held = first != First,
            },
        };
    }
}
