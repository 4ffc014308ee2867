using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The filter and order of the job table, as the user set them.</summary>
/// <param name="Filter">In the query language of <c>ls</c>; plain words are searched in label and
/// command.</param>
/// <param name="Sort">The column to sort by; null: newest first. A sort in the filter takes
/// precedence.</param>
internal sealed record JobTableQuery(
    string Filter = "",
    JobColumn? Sort = null,
    bool Descending = false,
    bool OnlyFailed = false,
    bool OnlyMine = false
)
{
    private static readonly Status[] Failed = [Status.Error, Status.Killed, Status.Stalled];

    /// <summary>Parses the filter. An incomplete filter, as while it is typed, is an
    /// error.</summary>
    public QueryResult<BoundQuery> Read(string me)
    {
        var read = QueryBinder.Read(Filter, me);
        var parts = new List<BoundNode>();
        if (read.Value.Filter is { } filter)
            parts.Add(filter);
        if (OnlyFailed)
            parts.Add(new BoundNode.Any([.. Failed.Select(Is)]));
        if (OnlyMine)
            parts.Add(new BoundNode.Test(RowFields.Owner, QueryOperator.Equal, new Operand(me)));
        var query = read.Value with
        {
            Filter = parts.Count > 1 ? new BoundNode.All(parts) : parts.FirstOrDefault(),
        };
        if (query.Sort.Count == 0 && Sort?.Field is { } field)
            query = query with { Sort = [new BoundSortKey(field, Descending)] };
        return new(query, read.Errors);
    }

    /// <summary>The order of a query by what jobs use now; null: the query has another.</summary>
    public UsageOrder? OrderOf(BoundQuery query) =>
        query.Sort.Count == 0 && Sort is { Field: null } column
            ? new UsageOrder(column, Descending)
            : null;

    /// <summary>The query as text, for a request; null: the filter cannot be read.</summary>
    public string? Print()
    {
        var read = QueryParser.Parse(Filter);
        if (!read.Ok)
            return null;
        var parts = new List<QueryNode>();
        if (read.Value.Filter is { } filter)
            parts.Add(filter);
        if (OnlyFailed)
            parts.Add(
                new QueryNode.Comparison(
                    new(RowFields.Status.Name),
                    QueryOperator.Equal,
                    [.. Failed.Select(status => new QueryText(StatusNames.Of(status)))]
                )
            );
        if (OnlyMine)
            parts.Add(
                new QueryNode.Comparison(
                    new(RowFields.Owner.Name),
                    QueryOperator.Equal,
                    [new QueryText("me")]
                )
            );
        var query = read.Value with
        {
            Filter = parts.Count > 1 ? new QueryNode.All(parts) : parts.FirstOrDefault(),
        };
        if (query.Sort.Count == 0 && Sort?.Field is { } field)
            query = query with { Sort = [new SortKey(new(field.Name), Descending)] };
        return QueryPrinter.Print(query);
    }

    private static BoundNode Is(Status status) =>
        new BoundNode.Test(
            RowFields.Status,
            QueryOperator.Equal,
            new Operand(Number: (long)status)
        );
}
