using Akka.Actor;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>A checked submission.</summary>
/// <param name="Facts">Everything but the jids; with the columns of the whole submission.</param>
internal sealed record SubmissionPart(Submitted Facts, long Count);

/// <summary>A submission that needs jids, or a list of them, which is committed as a
/// whole.</summary>
/// <param name="Parts">All of one owner, with one request ID.</param>
internal sealed record SubmitJobs(IReadOnlyList<SubmissionPart> Parts)
{
    public SubmitJobs(Submitted facts, long count)
        : this([new(facts, count)]) { }

    /// <summary>The series in which it keeps its place; empty: none.</summary>
    public string Series { get; init; } = "";

    public long Count { get; } = Parts.Sum(part => part.Count);

    public string Owner => Parts[0].Facts.Owner;

    /// <summary>The contents that it refers to.</summary>
    public IReadOnlyList<BlobRef> Blobs { get; } =
        Parts.Count == 1
            ? SentContents.Blobs(Parts[0].Facts.Spec, Parts[0].Facts.Columns)
            :
            [
                .. Parts
                    .SelectMany(part => SentContents.Blobs(part.Facts.Spec, part.Facts.Columns))
                    .DistinctBy(blob => blob.Sha256),
            ];

    /// <summary>Null: it has no request ID.</summary>
    public RequestKey? Key =>
        Parts[0].Facts.RequestId is { Length: > 0 } id ? new RequestKey(Owner, id) : null;
}

/// <summary>The answer to <see cref="SubmitJobs"/>: the jids or a refusal.</summary>
internal sealed record JobsSubmitted(long First, long Last, Refusal? Refusal = null);

/// <summary>A submission, or a list of them, in progress: its jids and its uncommitted
/// slices.</summary>
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

    /// <summary>What a segment gets of it.</summary>
    private SegmentRequest Slice(long segment)
    {
        var request = new SegmentRequest { Segment = segment, By = Request.Owner };
        if (Request.Parts is [var only])
        {
            request.Submit = Slice(only, First, segment);
            return request;
        }
        request.SubmitList = new SubmitSlices();
        var next = First;
        foreach (var part in Request.Parts)
        {
            if (Segments.Of(next) <= segment && segment <= Segments.Of(next + part.Count - 1))
                request.SubmitList.Slices.Add(Slice(part, next, segment));
            next += part.Count;
        }
        return request;
    }

    /// <param name="start">The first jid of the part.</param>
    private SubmitSlice Slice(SubmissionPart part, long start, long segment)
    {
        var end = start + part.Count - 1;
        var first = Math.Max(start, Segments.First(segment));
        var count = (int)(Math.Min(end, Segments.Last(segment)) - first + 1);
        var facts = part.Facts.Clone();
        (facts.SubmissionFirst, facts.SubmissionLast) = (start, end);
        if (segment != HeadSegment && start != First)
            facts.ListFirst = First;
        facts.Columns.Clear();
        facts.Columns.AddRange(MapColumns.Slice(part.Facts.Columns, first - start, count));
        return new SubmitSlice
        {
            First = first,
            Count = count,
            Submitted = facts,
            Held = segment != HeadSegment,
        };
    }
}
