using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Which jobs are wanted and in which order, as the user said it.</summary>
/// <param name="Filter">In the language of <c>ls</c>; plain words are looked for in label and
/// command.</param>
/// <param name="Sort">A field; null: newest first. A sort in the filter wins.</param>
internal sealed record JobLook(
    string Filter = "",
    RowField? Sort = null,
    bool Descending = false,
    bool OnlyFailed = false,
    bool OnlyMine = false
)
{
    private static readonly Status[] Bad = [Status.Error, Status.Killed, Status.Stalled];

    /// <summary>The query; what cannot be read yet, as while it is typed, is an error.</summary>
    public Read<BoundQuery> Read(string me)
    {
        var read = QueryBinder.Read(Filter, me);
        var parts = new List<BoundNode>();
        if (read.Value.Filter is { } filter)
            parts.Add(filter);
        if (OnlyFailed)
            parts.Add(new BoundNode.Any([.. Bad.Select(Is)]));
        if (OnlyMine)
            parts.Add(new BoundNode.Test(RowFields.Owner, QueryOperator.Equal, new Operand(me)));
        var query = read.Value with
        {
            Filter = parts.Count > 1 ? new BoundNode.All(parts) : parts.FirstOrDefault(),
        };
        if (query.Sort.Count == 0 && Sort is not null)
            query = query with { Sort = [new BoundKey(Sort, Descending)] };
        return new(query, read.Errors);
    }

    private static BoundNode Is(Status status) =>
        new BoundNode.Test(
            RowFields.Status,
            QueryOperator.Equal,
            new Operand(Number: (long)status)
        );
}
