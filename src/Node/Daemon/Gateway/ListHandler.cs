using System.Runtime.CompilerServices;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Lists jobs: reads pages of the index and filters them by the query until there are
/// enough rows.</summary>
/// <param name="defaultLimit">Number of rows if the request gives no limit.</param>
/// <param name="maxRows">Maximum number of rows, and of rows examined for a query that
/// sorts.</param>
/// <param name="maxBytes">Maximum size of the reply; further rows are left out.</param>
internal sealed class ListHandler(
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

    /// <summary>Size of most rows.</summary>
    private const long BytesPerRow = 1_024;

    public async Task<Outcome<ListReply>> ListAsync(
        ListRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var read = QueryBinder.Read(request.Query, by.User);
        if (!read.Ok)
            return Refusals.Of(
                RefusalCode.Usage,
                string.Join(' ', read.Errors.Select(e => e.Message))
            );
        var query = read.Value;
        var now = clock.NowMicroseconds();
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
        var filter = SliceFilter.Of(query, now, by.IsAdmin ? null : by.User);
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
                if (rows.Matches < wanted && !rows.IsFull)
                    await AddAsync(row);
            after = page.Next;
        } while (after is not null && rows.Matches < wanted && !rows.IsFull);
        return rows.Reply(isCut: after is not null);

        // A map has one segment per thousand jobs: skip segments without a possible match and those
        // after the last row needed.
        async Task AddAsync(JobRow row)
        {
            await foreach (var candidate in ExpandAsync(row, jobFilter, by, cancel))
            {
                if (QueryEvaluator.Matches(query, candidate, now))
                    rows.Add(candidate);
                if (rows.Matches >= wanted || rows.IsFull)
                    return;
            }
        }
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
