using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Past;

/// <summary>Makes a query about an earlier instant one for the present rows.</summary>
public static class PastQuery
{
    private static readonly RowField Created = RowFields.Find("created")!;
    private static readonly RowField Finished = RowFields.Find("finished")!;

    /// <summary>A query that matches at least the rows that matched at the instant: only what never
    /// changes is tested, and that the job was submitted by then.</summary>
    public static BoundQuery Of(BoundQuery query, long at)
    {
        var submitted = new BoundNode.Test(
            Created,
            QueryOperator.LessOrEqual,
            new Operand(Number: at)
        );
        return query with
        {
            Filter =
                query.Filter is { } filter && Constant(filter) is { } tests
                    ? new BoundNode.All([submitted, tests])
                    : submitted,
        };
    }

    /// <summary>The part of a condition that can be tested now; null: none.</summary>
    private static BoundNode? Constant(BoundNode node) =>
        node switch
        {
            BoundNode.All all
                when all.Parts.Select(Constant).OfType<BoundNode>().ToList()
                    is { Count: > 0 } parts => new BoundNode.All(parts),
            BoundNode.Any any
                when any.Parts.Select(Constant).ToList() is var parts && !parts.Contains(null) =>
                new BoundNode.Any([.. parts.OfType<BoundNode>()]),
            BoundNode.Not not when IsConstant(not.Part) => not,
            BoundNode.Test test when IsConstant(test) => test,
            // It may have been retried since: then it ended later, or not yet.
            BoundNode.Test { Operator: QueryOperator.Greater or QueryOperator.GreaterOrEqual } end
                when end.Field == Finished => new BoundNode.Not(
                end with
                {
                    Operator =
                        end.Operator == QueryOperator.Greater
                            ? QueryOperator.LessOrEqual
                            : QueryOperator.Less,
                }
            ),
            _ => null,
        };

    private static bool IsConstant(BoundNode node) =>
        node switch
        {
            BoundNode.All all => all.Parts.All(IsConstant),
            BoundNode.Any any => any.Parts.All(IsConstant),
            BoundNode.Not not => IsConstant(not.Part),
            BoundNode.Test test => IsConstant(test.Field),
            _ => false,
        };

    private static bool IsConstant(RowField field) =>
        field == RowFields.Jid
        || field == RowFields.Jobs
        || (field.Columns.Count > 0 && field.Columns.All(column => column.IsConstant));
}
