using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Purges the caller's finished jobs that a query finds, newest first, a bounded number
/// at a time.</summary>
internal sealed class PurgeHandler(ListHandler lists, SegmentClient segments)
{
    private const int JobsAtOnce = 1_000;

    public async Task<Outcome<PurgeReply>> PurgeAsync(
        PurgeRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var parsed = QueryParser.Parse(request.Query);
        if (!parsed.Ok)
            return Refusals.Of(
                RefusalCode.Usage,
                string.Join(' ', parsed.Errors.Select(static e => e.Message))
            );
        var found = await lists.ListAsync(
            new ListRequest
            {
                Query = QueryPrinter.Print(WholeOf(parsed.Value, request)),
                Limit = JobsAtOnce,
                Expand = true,
            },
            by,
            cancel
        );
        if (!found.IsGranted)
            return found.Refusal;
        var rows = found.Reply.Rows;
        var reply = new PurgeReply
        {
            Purged = rows.Count,
            Next = found.Reply.Truncated && rows.Count > 0 ? rows[^1].First : 0,
        };
        if (request.DryRun || rows.Count == 0)
            return reply;
        var (changed, refusal) = await segments.ChangeAsync(
            new ChangeJobs { Change = Change.Purge },
            JidRanges.Normalize(rows.Select(static row => JidRanges.Range(row.First, row.Last))),
            by
        );
        if (refusal is not null)
            return refusal;
        reply.Purged = changed;
        return reply;
    }

    /// <summary>The query, for finished jobs only, without its order and limit.</summary>
    private static Query WholeOf(Query query, PurgeRequest request)
    {
        var conditions = new List<QueryNode>
        {
            Compare(
                RowFields.Status.Name,
                QueryOperator.Equal,
                [
                    .. Enum.GetValues<Status>()
                        .Where(static status => status.IsFinished())
                        .Select(StatusNames.Of),
                ]
            ),
        };
        if (query.Filter is { } filter)
            conditions.Add(filter);
        if (request.FinishedUntil > 0)
            conditions.Add(
                Compare(
                    "finished",
                    QueryOperator.LessOrEqual,
                    Instants.Print(request.FinishedUntil, TimeSpan.Zero)
                )
            );
        if (request.Before > 0)
            conditions.Add(Compare(RowFields.Jid.Name, QueryOperator.Less, $"{request.Before}"));
        return new Query(
            conditions.Count == 1 ? conditions[0] : new QueryNode.All(conditions),
            [],
            null
        );
    }

    private static QueryNode.Comparison Compare(
        string field,
        QueryOperator comparison,
        params string[] values
    ) =>
        new(
            new QueryText(field),
            comparison,
            Array.ConvertAll(values, static value => new QueryText(value))
        );
}
