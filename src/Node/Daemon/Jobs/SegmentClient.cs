using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Sends requests to segments, a limited number at a time; splits a range at segment
/// boundaries and joins the replies.</summary>
/// <param name="within">Time limit for a segment's reply.</param>
/// <param name="atOnce">Segments that receive requests at the same time.</param>
internal sealed class SegmentClient(Func<IActorRef> region, TimeSpan within, int atOnce)
{
    // A page of details must fit a frame of 1 MiB.
    private const int PageBytes = 512 << 10;

    /// <summary>Segments of the first round of a read. Each round doubles, so that a refusal has
    /// cost little more than the jobs before it.</summary>
    private const int FirstRound = 2;

    /// <summary>Pages of details in memory at the same time.</summary>
    private const int PagesAtOnce = 8;

    /// <summary>Reads jobs in the requested order, a page of a segment at a time. A job that is
    /// unknown, deleted or another user's ends the read with a refusal, which precedes all jobs of
    /// the segments that were read at the same time.</summary>
    public async IAsyncEnumerable<Outcome<JobsRead>> ReadAsync(
        IEnumerable<JidRange> jobs,
        ReadDepth depth,
        Identity by
    )
    {
        var most = depth == ReadDepth.Detail ? Math.Min(atOnce, PagesAtOnce) : atOnce;
        foreach (var visits in Rounds(JidRanges.RunsBySegment(jobs), most))
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

    /// <summary>Reads complete jobs; a refusal precedes all of them. If all segments fit into one
    /// round of requests, each is read only once.</summary>
    public async IAsyncEnumerable<Outcome<JobsRead>> ReadDetailsAsync(
        IReadOnlyList<JidRange> jobs,
        Identity by
    )
    {
        if (
            JidRanges.RunsBySegment(jobs).Skip(Math.Min(FirstRound, atOnce)).Any()
            && await CheckAsync(jobs, by) is { } refusal
        )
        {
            yield return refusal;
            yield break;
        }
        await foreach (var read in ReadAsync(jobs, ReadDepth.Detail, by))
            yield return read;
    }

    /// <summary>The statuses of jobs, a segment's part at a time. Unknown and deleted jobs are
    /// listed as such; a segment that does not answer is left out.</summary>
    public IAsyncEnumerable<JobsRead> StatusesAsync(IEnumerable<JidRange> jobs, Identity by) =>
        AnsweredAsync(jobs, ReadDepth.Status, by);

    /// <summary>The same with all details; deleted jobs are included.</summary>
    public IAsyncEnumerable<JobsRead> DetailsAsync(IEnumerable<JidRange> jobs, Identity by) =>
        AnsweredAsync(jobs, ReadDepth.Detail, by);

    /// <summary>What is kept of deleted jobs; other jobs are left out.</summary>
    public IAsyncEnumerable<JobsRead> DeletedDetailsAsync(
        IEnumerable<JidRange> jobs,
        Identity by
    ) => AnsweredAsync(jobs, ReadDepth.Deleted, by);

    private async IAsyncEnumerable<JobsRead> AnsweredAsync(
        IEnumerable<JidRange> jobs,
        ReadDepth depth,
        Identity by
    )
    {
        foreach (var visits in JidRanges.RunsBySegment(jobs).Chunk(atOnce))
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

    /// <summary>Reads the jobs of a map, some of its segments at a time, in ascending
    /// order.</summary>
    public async IAsyncEnumerable<Outcome<ElementsRead>> ElementsAsync(
        ReadElements request,
        IEnumerable<long> numbers,
        Identity by
    )
    {
        foreach (var some in numbers.Chunk(atOnce))
        {
            var asked = some.Select(segment =>
                AskAsync(segment, new SegmentRequest { Elements = request }, by)
            );
            foreach (var reply in await Task.WhenAll(asked))
            {
                if (reply.Refusal is { } refusal)
                {
                    yield return refusal;
                    yield break;
                }
                yield return reply.Elements;
            }
        }
    }

    /// <summary>When jobs ran, a segment's part at a time. A segment that does not answer ends the
    /// read with a refusal.</summary>
    public async IAsyncEnumerable<Outcome<TimesRead>> TimesAsync(
        IReadOnlyList<JidRange> jobs,
        Identity by
    )
    {
        foreach (var parts in JidRanges.BySegment(jobs).Chunk(atOnce))
        {
            var asked = parts.Select(part =>
            {
                var read = new ReadTimes { Jobs = { part.Ranges } };
                return AskAsync(part.Segment, new SegmentRequest { Times = read }, by);
            });
            foreach (var reply in await Task.WhenAll(asked))
            {
                if (reply.Refusal is { } refusal)
                {
                    yield return refusal;
                    yield break;
                }
                yield return reply.Times;
            }
        }
    }

    /// <summary>The deleted jobs among these, sorted and disjoint. Ends at the first segment that
    /// refuses, or in which a job is unknown: a request for these jobs ends there as
    /// well.</summary>
    public async Task<List<JidRange>> DeletedAsync(IReadOnlyList<JidRange> jobs, Identity by)
    {
        var deleted = new List<JidRange>();
        foreach (var visits in Rounds(JidRanges.RunsBySegment(jobs), atOnce))
        {
            var replies = await Task.WhenAll(
                visits.Select(visit => VisitAsync(visit, ReadDepth.Status, by))
            );
            foreach (var reply in replies.TakeWhile(reply => reply.Jobs is not null))
                deleted.AddRange(JidRanges.Normalize(reply.Jobs.Deleted));
            if (replies.Any(reply => reply.Jobs is not { Unknown.Count: 0 }))
                break;
        }
        return JidRanges.Normalize(deleted);
    }

    /// <summary>The first refusal for these jobs; null: the user may use all of them.</summary>
    public Task<Refusal?> CheckAsync(IReadOnlyList<JidRange> jobs, Identity by) =>
        CheckAsync(jobs, by, int.MaxValue);

    /// <summary>The same for jobs that a request follows, which at most so many segments may
    /// have.</summary>
    public async Task<Refusal?> CheckAsync(
        IReadOnlyList<JidRange> jobs,
        Identity by,
        int segmentsMax
    )
    {
        var segments = 0;
        await foreach (var read in ReadAsync(jobs, ReadDepth.Status, by))
            if (!read.IsGranted)
                return read.Refusal;
            else if (++segments > segmentsMax)
                return SelectionCheck.TooManyToFollow(segmentsMax);
        return null;
    }

    /// <summary>The details of one job.</summary>
    public async Task<Outcome<Protocol.Api.JobDetail>> DetailAsync(Jid jid, Identity by)
    {
        await foreach (var read in ReadAsync([JidRanges.Range(jid, jid)], ReadDepth.Detail, by))
            return read.IsGranted ? read.Reply.Details[0] : read.Refusal;
        return Refusals.Unknown(jid);
    }

    /// <summary>Changes jobs in all their segments. Returns the number changed, and the first
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

    /// <summary>Records the start or end of a terminal in a job's history.</summary>
    public Task<SegmentReply> RecordTerminalAsync(TerminalReport report, Identity by) =>
        AskAsync(Segments.Of(report.Jid), new SegmentRequest { Terminal = report }, by);

    private static IEnumerable<List<SegmentJids>> Rounds(IEnumerable<SegmentJids> visits, int most)
    {
        var (round, size) = (new List<SegmentJids>(), Math.Min(FirstRound, most));
        foreach (var visit in visits)
        {
            round.Add(visit);
            if (round.Count < size)
                continue;
            yield return round;
            (round, size) = ([], Math.Min(size * 2, most));
        }
        if (round.Count > 0)
            yield return round;
    }

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

    /// <summary>Requests the next page of details; null: this was the last one.</summary>
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
        request.Admin = by.IsAdmin;
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
                    $"The segment of jobs {Segments.First(segment)}-{Segments.Last(segment)} did "
                        + $"not answer within {within.TotalSeconds:F0} s: the store is slow or "
                        + "unavailable. Try again."
                ),
            };
        }
    }

    private static Refusal? RefusalOf(SegmentReply reply) =>
        reply switch
        {
            { Refusal: { } refusal } => refusal,
            { Jobs.Unknown: [var unknown, ..] } => Refusals.Unknown(new Jid(unknown.First)),
            { Jobs.Deleted: [var deleted, ..] } => Refusals.Deleted(
                new Jid(deleted.First),
                reply.Jobs.Removals.FirstOrDefault(),
                reply.Jobs.Removers.FirstOrDefault("")
            ),
            _ => null,
        };
}
