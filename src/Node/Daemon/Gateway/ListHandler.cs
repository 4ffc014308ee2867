using System.Runtime.CompilerServices;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>The job table: pages of the index, held against the query until there are enough
/// rows.</summary>
/// <param name="defaultLimit">Rows, where the request names no limit.</param>
/// <param name="most">Rows at most, and rows looked at for a query with an order of its
/// own.</param>
internal sealed class ListHandler(
    IActorRef index,
    SegmentClient segments,
    TimeProvider clock,
    int defaultLimit,
    int most,
    TimeSpan within
)
{
    private const int Page = 1_000;

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
                0,
                string.Join(' ', read.Errors.Select(e => e.Message))
            );
        var query = read.Value;
        var now = clock.NowMicroseconds();
        var limit = Math.Min(most, request.Limit > 0 ? request.Limit : query.Limit ?? defaultLimit);
        // With an order of its own, the last row may be the first to show.
        var wanted = query.Sort.Count > 0 ? most : limit + 1;
        var rows = new List<JobRow>();
        var filter = SliceFilter.Of(query, now, by.Admin ? null : by.User);
        var ofEach = request.Expand ? SliceFilter.OfEachJob(query, now) : null;
        long? after = null;
        do
        {
            var page = await index.Ask<SubmissionsListed>(
                new ListSubmissions(filter, Math.Min(Page, wanted), after),
                within,
                cancel
            );
            foreach (var row in page.Rows)
                if (rows.Count < wanted)
                    await AddAsync(row);
            after = page.Next;
        } while (after is not null && rows.Count < wanted);
        QueryEvaluator.Sort(query, rows, now);
        return new ListReply
        {
            Rows = { rows.Take(limit) },
            Truncated = rows.Count > limit || after is not null,
        };

        // A map has as many segments as it has thousands of jobs: those in which nothing can fit,
        // and those beyond what is shown, are not asked.
        async Task AddAsync(JobRow row)
        {
            await foreach (var shown in ShownAsync(row, ofEach, by, cancel))
            {
                if (QueryEvaluator.Matches(query, shown, now))
                    rows.Add(shown);
                if (rows.Count >= wanted)
                    return;
            }
        }
    }

    /// <summary>The row, or one for each job of it that may fit, the newest first.</summary>
    private async IAsyncEnumerable<JobRow> ShownAsync(
        JobRow row,
        SliceFilter? ofEach,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (ofEach is null || row.First == row.Last)
        {
            yield return row;
            yield break;
        }
        var find = new FindSlices(row.First, ofEach);
        var found = await index.Ask<SlicesFound>(find, within, cancel);
        foreach (var slice in found.Slices)
        {
            var jobs = new List<JobRow>();
            await foreach (var page in segments.DetailsAsync([slice], by))
                jobs.AddRange(page.Details.Select(RowOf.Job));
            for (var i = jobs.Count - 1; i >= 0; i--)
                yield return jobs[i];
        }
    }
}
