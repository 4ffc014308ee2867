using System.Runtime.CompilerServices;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Past;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Lists jobs: reads pages of the index and filters them by the query until there are
/// enough rows.</summary>
/// <param name="selections">Finds the jobs of <c>last</c> and of maps in the query.</param>
/// <param name="defaultLimit">Number of rows if the request gives no limit.</param>
/// <param name="maxRows">Maximum number of rows, and of rows examined for a query that
/// sorts.</param>
/// <param name="maxBytes">Maximum size of the reply; further rows are left out.</param>
internal sealed class ListHandler(
    Selections selections,
    IActorRef index,
    SegmentClient segments,
    TimeProvider clock,
    int defaultLimit,
    int maxRows,
    TimeSpan within,
    RequestMemory memory,
    int maxBytes
)
{
    private const int Page = 1_000;

    /// <summary>Segments with deleted jobs that are looked up together.</summary>
    private const int SegmentsAtOnce = 64;

    /// <summary>Size of most rows.</summary>
    private const long BytesPerRow = 1_024;

    public async Task<Outcome<ListReply>> ListAsync(
        ListRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var read = await ReadAsync(request, by, cancel);
        if (!read.IsGranted)
            return read.Refusal;
        var query = read.Reply;
        var isPast = request.AsOf > 0;
        if (isPast && request.Deleted)
            return Refusals.Of(RefusalCode.Usage, "Deleted jobs are listed as they are now.");
        if (request.AsOf > clock.NowMicroseconds())
            return Refusals.Of(
                RefusalCode.Usage,
                "That time is still to come: name an earlier one, such as 2h."
            );
        var now = isPast ? request.AsOf : clock.NowMicroseconds();
        var limit = Math.Min(
            maxRows,
            request.Limit > 0 ? request.Limit : query.Limit ?? defaultLimit
        );
        // If the query sorts, the last row of the index may be the first to list.
        var wanted = query.Sort.Count > 0 ? maxRows : limit + 1;
        var taken = await memory.TakeAsync(
            by,
            Math.Min((limit + 1) * BytesPerRow, maxBytes),
            cancel
        );
        if (!taken.IsGranted)
            return taken.Refusal;
        using var held = taken.Reply;
        var rows = new ListedRows(query, now, limit, maxBytes);
        if (request.Deleted)
            return rows.Reply(isCut: await AddDeletedAsync(rows, query, now, wanted, by, cancel));
        var past = isPast ? new PastRows(index, segments, now, by, within) : null;
        var filter = SliceFilter.Of(
            isPast ? PastQuery.Of(query, now) : query,
            now,
            by.IsAdmin ? null : by.User
        );
        if (!isPast && !request.Expand && RankedList.CanList(query))
        {
            var ranked = new RankedList(index, within, maxRows);
            return rows.Reply(await ranked.AddAsync(rows, query, filter, now, cancel));
        }
        var jobFilter = request.Expand ? SliceFilter.OfEachJob(query, now) : null;
        long? after = null;
        do
        {
            var page = await index.Ask<SubmissionsListed>(
                new ListSubmissions(filter, Math.Min(Page, wanted), after),
                within,
                cancel
            );
            foreach (var row in page.Rows)
                if (rows.Matches < wanted && !rows.IsFull && past is not { IsSpent: true })
                    await AddAsync(row);
            after = page.Next;
        } while (
            after is not null
            && rows.Matches < wanted
            && !rows.IsFull
            && past is not { IsSpent: true }
        );
        return rows.Reply(isCut: after is not null || past is { IsSpent: true });

        // A map has one segment per thousand jobs: skip segments without a possible match and those
        // after the last row needed.
        async Task AddAsync(JobRow row)
        {
            var candidates =
                past?.ReadAsync(row, request.Expand, cancel)
                ?? ExpandAsync(row, jobFilter, by, cancel);
            await foreach (var candidate in candidates)
            {
                if (QueryEvaluator.Matches(query, candidate, now))
                    rows.Add(candidate);
                if (rows.Matches >= wanted || rows.IsFull)
                    return;
            }
        }
    }

    /// <summary>Adds the deleted jobs, newest first. The index knows which segments have some; the
    /// segments have what is kept of them.</summary>
    /// <returns>Whether there may be more.</returns>
    private async Task<bool> AddDeletedAsync(
        ListedRows rows,
        BoundQuery query,
        long now,
        int wanted,
        Identity by,
        CancellationToken cancel
    )
    {
        var before = long.MaxValue;
        while (true)
        {
            var find = new FindDeleted(before, SegmentsAtOnce);
            var found = await index.Ask<SegmentsWithDeleted>(find, within, cancel);
            foreach (var segment in found.Segments)
            {
                var range = JidRanges.Range(Segments.First(segment), Segments.Last(segment));
                await foreach (var read in segments.DeletedDetailsAsync([range], by))
                foreach (var job in read.Details.Reverse())
                {
                    var row = RowBuilder.DeletedJob(job);
                    if (QueryEvaluator.Matches(query, row, now))
                        rows.Add(row);
                    if (rows.Matches >= wanted || rows.IsFull)
                        return true;
                }
            }
            if (found.Segments.Count < SegmentsAtOnce)
                return false;
            before = found.Segments[^1];
        }
    }

    /// <summary>The query, with the jids that it names looked up. A job that it names by its jid
    /// must exist.</summary>
    private async Task<Outcome<BoundQuery>> ReadAsync(
        ListRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var parsed = QueryParser.Parse(request.Query);
        var named = new Dictionary<SelectionItem, IReadOnlyList<JidRange>>();
        var (single, several) = (new List<JidRange>(), new Selection());
        var lookUps = new Selection();
        foreach (var item in QueryNode.ItemsOf(parsed.Value.Filter))
            if (item.Range is { } range)
            {
                if (range.First == range.Last)
                    single.Add(range);
                else
                    several.Items.Add(item);
            }
            else if (item is { MapOf: > 0 } or { Word: SelectionWord.Last })
                lookUps.Items.Add(item);
        if (parsed.Ok && lookUps.Items.Count > 0)
        {
            if (SelectionCheck.Items(lookUps, out var invalid) is not { } items)
                return invalid;
            foreach (var item in items)
            {
                var one = new Selection { Items = { item } };
                var found = await selections.ResolveAsync(one, by, cancel);
                if (!found.IsGranted)
                    return found.Refusal;
                named[item] = found.Reply;
            }
        }
        var bound = QueryBinder.Bind(
            parsed.Value,
            by.User,
            item => named.GetValueOrDefault(item, [])
        );
        var errors = parsed.Errors.Concat(bound.Errors).OrderBy(e => e.At).ToList();
        if (errors.Count > 0)
            return Refusals.Of(RefusalCode.Usage, string.Join(' ', errors.Select(e => e.Message)));
        if (request.Deleted)
            return bound.Value;
        if (await segments.CheckAsync(single, by) is { } refusal)
            return refusal;
        if (several.Items.Count > 0)
        {
            var jobs = await selections.ResolveAsync(several, by, cancel);
            if (!jobs.IsGranted)
                return jobs.Refusal;
        }
        return bound.Value;
    }

    /// <summary>Returns the row itself, or one row for each of its jobs that may match, newest
    /// first.</summary>
    private async IAsyncEnumerable<JobRow> ExpandAsync(
        JobRow row,
        SliceFilter? jobFilter,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (jobFilter is null || row.First == row.Last)
        {
            yield return row;
            yield break;
        }
        var find = new FindSlices(row.First, jobFilter);
        var found = await index.Ask<SlicesFound>(find, within, cancel);
        foreach (var slice in found.Slices)
        {
            var jobs = new List<JobRow>();
            await foreach (var page in segments.DetailsAsync([slice], by))
                jobs.AddRange(page.Details.Select(RowBuilder.Job));
            for (var i = jobs.Count - 1; i >= 0; i--)
                yield return jobs[i];
        }
    }
}
