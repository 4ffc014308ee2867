using System.Globalization;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Http;

/// <summary>The query of one page of a list.</summary>
public static class ListPage
{
    /// <summary>Limits a query, or a jid list, to the jobs below a jid.</summary>
    /// <param name="after">Null: the first page.</param>
    public static Parsed<string> Query(string query, long? after)
    {
        var jobs = JidNotation.Parse(query);
        var parsed = QueryParser.Parse(query);
        if (!jobs.Ok && !parsed.Ok)
            return parsed.Errors[0];
        var whole = jobs.Ok
            ? new Query(new QueryNode.Jobs(jobs.Value.Items), [], null)
            : parsed.Value;
        if (after is null)
            return Bound(whole);
        if (whole.Sort.Count > 0)
            return new TextError(
                0,
                0,
                "'after' continues the order of jids, newest first; omit the sort of the query."
            );
        var below = new QueryNode.Comparison(
            new QueryText("jid"),
            QueryOperator.Less,
            [new QueryText(after.Value.ToString(CultureInfo.InvariantCulture))]
        );
        return Bound(
            whole with
            {
                Filter = whole.Filter is { } filter ? new QueryNode.All([filter, below]) : below,
            }
        );
    }

    private static Parsed<string> Bound(Query query)
    {
        var bound = QueryBinder.Bind(query, me: "", static _ => []);
        return bound.Ok ? QueryPrinter.Print(query) : bound.Errors[0];
    }
}
