using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Gathers the first rows of a list that is sorted by a column of which the index has
/// ranges: reads the segments in the order of their best rows, until no other row can be among the
/// first.</summary>
/// <param name="most">Maximum number of matching rows to read.</param>
internal sealed class RankedList(IActorRef index, TimeSpan within, int most)
{
    private const int SpanningAtOnce = 1_000;
    private const int SegmentsAtOnce = 64;

    public static bool CanList(BoundQuery query) =>
        query.Sort is [var key, ..] && SegmentSummary.BestRank(key) is not null;

    /// <returns>Whether there are rows that were not added.</returns>
    public async Task<bool> AddAsync(
        ListedRows rows,
        BoundQuery query,
        SliceFilter filter,
        long now,
        CancellationToken cancel
    )
    {
        var rank = new RankSegments(filter, query.Sort[0]);
        var ranked = (await index.Ask<SegmentsRanked>(rank, within, cancel)).Segments;
        long? after = null;
        do
        {
            var page = await index.Ask<SubmissionsListed>(
                new ListSpanning(filter, SpanningAtOnce, after),
                within,
                cancel
            );
            Add(page.Rows);
            after = page.Next;
        } while (after is not null && rows.Matches < most);
        var read = 0;
        while (after is null && read < ranked.Count && rows.Matches < most)
        {
            var (segment, best) = ranked[read];
            if (rows.IsDecided(best, Segments.Last(segment)))
                return true;
            var some = ranked.Skip(read).Take(SegmentsAtOnce).Select(one => one.Segment);
            var list = new ListSegments(filter, [.. some]);
            var page = await index.Ask<SegmentsListed>(list, within, cancel);
            Add(page.Rows);
            read += page.Read;
        }
        return after is not null || read < ranked.Count;

        void Add(IEnumerable<JobRow> found)
        {
            foreach (var row in found)
                if (rows.Matches < most && QueryEvaluator.Matches(query, row, now))
                    rows.Add(row);
        }
    }
}
