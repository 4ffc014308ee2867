using JobCloud.Protocol.Queries;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Translates a query to an SQL condition, as far as a table has the data.</summary>
/// <param name="parameters">The parameters, <c>@p0</c>, <c>@p1</c>, …; it adds its own.</param>
internal abstract class FilterWriter(List<object> parameters)
{
    protected const string Anything = "1 = 1";
    protected const string Nothing = "1 = 0";

    public string Write(BoundNode? filter) =>
        filter is null ? Anything : Write(filter, negated: false);

    /// <summary>A condition that holds wherever the test does; negated: wherever it does
    /// not.</summary>
    protected abstract string Of(BoundNode.Test test, bool negated);

    /// <summary>Pushes negations down to the tests: only a test knows which conditions it cannot
    /// decide.</summary>
    private string Write(BoundNode node, bool negated) =>
        node switch
        {
            BoundNode.Not not => Write(not.Part, !negated),
            BoundNode.All all => negated
                ? Join(all.Parts, " OR ", Nothing, negated)
                : Join(all.Parts, " AND ", Anything, negated),
            BoundNode.Any any => negated
                ? Join(any.Parts, " AND ", Anything, negated)
                : Join(any.Parts, " OR ", Nothing, negated),
            _ => Of((BoundNode.Test)node, negated),
        };

    private string Join(
        IReadOnlyList<BoundNode> parts,
        string separator,
        string empty,
        bool negated
    ) =>
        parts.Count == 0
            ? empty
            : $"({string.Join(separator, parts.Select(part => Write(part, negated)))})";

    /// <summary>If a row has several numbers, one of them must match.</summary>
    protected string Numbers(BoundNode.Test test, string low, string high)
    {
        var number = Add(test.Operand.Number);
        return test.Operator switch
        {
            QueryOperator.Less or QueryOperator.LessOrEqual =>
                $"{low} {SignOf(test.Operator)} {number}",
            QueryOperator.Greater or QueryOperator.GreaterOrEqual =>
                $"{high} {SignOf(test.Operator)} {number}",
            _ => $"({low} <= {number} AND {high} >= {number})",
        };
    }

    protected static string SignOf(QueryOperator sign) =>
        sign switch
        {
            QueryOperator.Less => "<",
            QueryOperator.LessOrEqual => "<=",
            QueryOperator.Greater => ">",
            QueryOperator.GreaterOrEqual => ">=",
            _ => "=",
        };

    protected static string Signed(string sql, bool negated) => negated ? $"NOT ({sql})" : sql;

    protected string Add(object value)
    {
        parameters.Add(value);
        return $"@p{parameters.Count - 1}";
    }
}
