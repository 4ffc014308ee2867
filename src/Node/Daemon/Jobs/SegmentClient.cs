using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Asks segments, some at a time; a range over several is cut and put together
/// again.</summary>
/// <param name="within">How long a segment may take to answer.</param>
/// <param name="atOnce">How many are asked at the same time.</param>
internal sealed class SegmentClient(Func<IActorRef> region, TimeSpan within, int atOnce)
{
    // A page of details must fit a frame of 1 MiB.
    private const int PageBytes = 512 << 10;

    /// <summary>Reads jobs in the order asked for, a page of a segment at a time. An unknown or
    /// deleted one, or another user's, ends it with a refusal, which comes before any job of the
    /// segments that were asked at the same time.</summary>
    public async IAsyncEnumerable<Outcome<JobsRead>> ReadAsync(
        IEnumerable<JidRange> jobs,
        ReadDepth depth,
        Identity by
    )
    {
        foreach (var visits in JidRanges.Visits(jobs).Chunk(atOnce))
        {
            var replies = await Task.WhenAll(visits.Select(visit => VisitAsync(visit, depth, by)));
            if (replies.Select(RefusalOf).FirstOrDefault(r => r is not null) is { } refusal)
            {
                yield return refusal;
                yield break;
            }
            foreach (var (visit, reply) in visits.Zip(replies))
            {
                for (var page = reply; page is not null; page = await NextAsync(visit, page, by))
                {
                    if (RefusalOf(page) is { } late)
                    {
                        yield return late;
                        yield break;
                    }
                    yield return page.Jobs;
                }
            }
        }
    }

    /// <summary>Reads whole jobs; a refusal comes before any of them. Segments are visited once, as
    /// long as all of them are asked at the same time.</summary>
    public async IAsyncEnumerable<Outcome<JobsRead>> ReadWholeAsync(
        IReadOnlyList<JidRange> jobs,
        Identity by
    )
    {
        if (JidRanges.Visits(jobs).Skip(atOnce).Any() && await CheckAsync(jobs, by) is { } refusal)
        {
            yield return refusal;
            yield break;
        }
        await foreach (var read in ReadAsync(jobs, ReadDepth.Detail, by))
            yield return read;
    }

    /// <summary>How jobs stand, a segment's part at a time; what is unknown or deleted is listed,
    /// and a segment that does not answer is left out.</summary>
    public IAsyncEnumerable<JobsRead> StatusesAsync(IEnumerable<JidRange> jobs, Identity by) =>
        AnsweredAsync(jobs, ReadDepth.Status, by);

    /// <summary>The same, with all that is known of the jobs; deleted ones are included.</summary>
    public IAsyncEnumerable<JobsRead> DetailsAsync(IEnumerable<JidRange> jobs, Identity by) =>
        AnsweredAsync(jobs, ReadDepth.Detail, by);

    private async IAsyncEnumerable<JobsRead> AnsweredAsync(
        IEnumerable<JidRange> jobs,
        ReadDepth depth,
        Identity by
    )
    {
        foreach (var visits in JidRanges.Visits(jobs).Chunk(atOnce))
        {
            var replies = await Task.WhenAll(visits.Select(visit => VisitAsync(visit, depth, by)));
            foreach (var (visit, reply) in visits.Zip(replies))
                for (
                    var page = reply;
                    page?.Jobs is { } read;
                    page = await NextAsync(visit, page, by)
                )
                    yield return read;
        }
    }

    /// <summary>The first reason why these jobs cannot be used; null: all exist.</summary>
    public async Task<Refusal?> CheckAsync(IReadOnlyList<JidRange> jobs, Identity by)
    {
        await foreach (var read in ReadAsync(jobs, ReadDepth.Status, by))
            if (!read.Granted)
                return read.Refusal;
        return null;
    }

    /// <summary>One job, whole.</summary>
    public async Task<Outcome<Protocol.Api.JobDetail>> DetailAsync(long jid, Identity by)
    {
        await foreach (var read in ReadAsync([JidRanges.Range(jid, jid)], ReadDepth.Detail, by))
            return read.Granted ? read.Reply.Details[0] : read.Refusal;
        return Refusals.Unknown(jid);
    }

    /// <summary>Changes jobs in all their segments; the number changed, or the first
    /// refusal.</summary>
    public async Task<(long Changed, Refusal? Refusal)> ChangeAsync(
        ChangeJobs change,
        IReadOnlyList<JidRange> jobs,
        Identity by
    )
    {
        var changed = 0L;
        foreach (var parts in JidRanges.BySegment(jobs).Chunk(atOnce))
        {
            var changing = parts.Select(part =>
            {
                var request = change.Clone();
                request.Jobs.AddRange(part.Ranges);
                return AskAsync(part.Segment, new SegmentRequest { Change = request }, by);
            });
            foreach (var reply in await Task.WhenAll(changing))
            {
                if (reply.Refusal is { } refusal)
                    return (changed, refusal);
                changed += reply.Changed.Changed;
            }
        }
        return (changed, null);
    }

    /// <summary>Has the history of a job say what became of a terminal.</summary>
    public Task<SegmentReply> NoteAsync(TerminalReport report, Identity by) =>
        AskAsync(Segments.Of(report.Jid), new SegmentRequest { Terminal = report }, by);

    private Task<SegmentReply> VisitAsync(
        SegmentJids visit,
        ReadDepth depth,
        Identity by,
        int skip = 0
    ) =>
        AskAsync(
            visit.Segment,
            new SegmentRequest
            {
                Read = new ReadJobs
                {
                    Jobs = { visit.Ranges },
                    Depth = depth,
                    OwnOnly = true,
                    MaxBytes = PageBytes,
                    Skip = skip,
                },
            },
            by
        );

    /// <summary>The page of details after this one; null: it was the last.</summary>
    private async Task<SegmentReply?> NextAsync(
        SegmentJids visit,
        SegmentReply page,
        Identity by
    ) =>
        page.Jobs is { Next: > 0 and var skip }
            ? await VisitAsync(visit, ReadDepth.Detail, by, skip)
            : null;

    private async Task<SegmentReply> AskAsync(long segment, SegmentRequest request, Identity by)
    {
        request.Segment = segment;
        request.By = by.User;
        request.Admin = by.Admin;
        try
        {
            return await region().Ask<SegmentReply>(request, within);
        }
        catch (AskTimeoutException)
        {
            return new SegmentReply
            {
                Segment = segment,
                Refusal = Refusals.Of(
                    RefusalCode.StoreUnavailable,
                    0,
                    $"The jobs {Segments.First(segment)}-{Segments.Last(segment)} did not answer within {within.TotalSeconds:F0} s: the store is slow or not available. Try again."
                ),
            };
        }
    }

    private static Refusal? RefusalOf(SegmentReply reply) =>
        reply switch
        {
            { Refusal: { } refusal } => refusal,
            { Jobs.Unknown: [var unknown, ..] } => Refusals.Unknown(unknown.First),
            { Jobs.Deleted: [var deleted, ..] } => Refusals.Deleted(deleted.First),
            _ => null,
        };
}
