using Akka.Actor;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Finds references that are of no use any more, by asking the segments, and removes
/// them.</summary>
/// <param name="within">Time limit of a segment's answer.</param>
internal sealed class BlobReview(
    BlobStore store,
    BlobUploads uploads,
    BlobCache? cache,
    Func<IActorRef> segments,
    TimeSpan within,
    TimeProvider clock
)
{
    private const int Page = 100;

    /// <summary>Looks at the submissions with jobs in segments in which jobs were deleted, and
    /// removes what expired, and the copies of what is not in the store any more.</summary>
    public async Task LookAsync(IReadOnlyList<long> changed)
    {
        await uploads.DropPausedAsync();
        await store.ExpireAsync(CancellationToken.None);
        foreach (var segment in changed)
        {
            var last = Segments.Last(segment);
            for (long? next = Segments.First(segment); next <= last; )
                next = await PageAsync(next.Value, last);
        }
        if (cache is not null)
            await cache.ForgetRemovedAsync(CancellationToken.None);
    }

    /// <summary>Looks at a page of all submissions with references; returns the first jid of the
    /// next page, or null after the last. Before the first page it removes what a crash
    /// left.</summary>
    public async Task<long?> ReviewAsync(long from)
    {
        if (from == 1)
            await store.SweepAsync(CancellationToken.None);
        return await PageAsync(from, long.MaxValue);
    }

    private async Task<long?> PageAsync(long from, long to)
    {
        var bound = await store.Rows.BoundAsync(from, Page, CancellationToken.None);
        foreach (var submission in bound)
        {
            // They do not overlap, so all others begin later.
            if (submission.First > to)
                return null;
            var age = TimeSpan.FromMicroseconds(clock.NowMicroseconds() - submission.Since);
            if (BlobRules.IsStale(await StateAsync(submission), age))
                await store.ReleaseAsync(submission, CancellationToken.None);
        }
        return bound.Count < Page ? null : bound[^1].Last + 1;
    }

    private async Task<SubmissionState> StateAsync(BoundSubmission submission)
    {
        var isUnknown = false;
        var jobs = JidRanges.Range(submission.First, submission.Last);
        foreach (var part in JidRanges.SplitBySegment([jobs]))
        {
            var request = new SegmentRequest
            {
                Segment = Segments.Of(part.First),
                Admin = true,
                Read = new ReadJobs { Jobs = { part }, Depth = ReadDepth.Status },
            };
            var reply = await segments().Ask<SegmentReply>(request, within);
            if (reply.Jobs is null)
                throw new InvalidOperationException(reply.Refusal?.Message ?? "no answer");
            // Deleted jobs have a status too.
            var known = reply.Jobs.Runs.Sum(run => run.Count);
            if (known > reply.Jobs.Deleted.Sum(range => range.Last - range.First + 1))
                return SubmissionState.Exists;
            isUnknown |= reply.Jobs.Unknown.Count > 0;
        }
        return isUnknown ? SubmissionState.Unknown : SubmissionState.Deleted;
    }
}
