using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Asks segments, some at a time; a range over several is cut and put together again.</summary>
/// <param name="within">How long a segment may take to answer.</param>
/// <param name="atOnce">How many are asked at the same time.</param>
public sealed class SegmentClient(Func<IActorRef> region, TimeSpan within, int atOnce)
{
    /// <summary>Reads jobs in the order asked for, a segment's part at a time; an unknown or deleted
    /// one, or another user's, ends it with a refusal.</summary>
    public async IAsyncEnumerable<Outcome<JobsRead>> ReadAsync(
        IEnumerable<JidRange> jobs,
        ReadDepth depth,
        Identity by
    )
    {
        foreach (var pieces in JidRanges.Cut(jobs).Chunk(atOnce))
        {
            var reading = pieces.Select(piece => ReadOneAsync(piece, depth, by));
            foreach (var reply in await Task.WhenAll(reading))
            {
                if ((reply.Refusal ?? Missing(reply.Jobs)) is { } refusal)
                {
                    yield return refusal;
                    yield break;
                }
                yield return reply.Jobs;
            }
        }
    }

    /// <summary>How jobs stand, a segment's part at a time; what is unknown or deleted is listed, and
    /// a segment that does not answer is left out.</summary>
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
        foreach (var pieces in JidRanges.Cut(jobs).Chunk(atOnce))
        {
            var reading = pieces.Select(piece => ReadOneAsync(piece, depth, by));
            foreach (var reply in await Task.WhenAll(reading))
                if (reply.Jobs is { } read)
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

    /// <summary>Changes jobs in all their segments; the number changed, or the first refusal.</summary>
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

    private Task<SegmentReply> ReadOneAsync(JidRange piece, ReadDepth depth, Identity by) =>
        AskAsync(
            Segments.Of(piece.First),
            new SegmentRequest
            {
                Read = new ReadJobs
                {
                    Jobs = { piece },
                    Depth = depth,
                    OwnOnly = true,
                },
            },
            by
        );

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

    private static Refusal? Missing(JobsRead read) =>
        read.Unknown.Count > 0 ? Refusals.Unknown(read.Unknown[0].First)
        : read.Deleted.Count > 0 ? Refusals.Deleted(read.Deleted[0].First)
        : null;
}
