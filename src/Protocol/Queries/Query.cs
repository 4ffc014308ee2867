using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Queries;

/// <summary>A piece of a query's text: what it says, and where it stands.</summary>
public sealed record QueryText(string Text, int At = 0, int Length = 0);

/// <summary>A condition as it was written; names are not looked up yet.</summary>
public abstract record QueryNode
{
    private QueryNode() { }

    /// <summary>Two or more that must all hold.</summary>
    public sealed record All(IReadOnlyList<QueryNode> Parts) : QueryNode;

    /// <summary>Two or more of which one must hold.</summary>
    public sealed record Any(IReadOnlyList<QueryNode> Parts) : QueryNode;

    public sealed record Not(QueryNode Part) : QueryNode;

    /// <summary>A field against values: with = and ~ one must fit, with != and !~ none.</summary>
    public sealed record Comparison(
        QueryText Field,
        QueryOperator Operator,
        IReadOnlyList<QueryText> Values
    ) : QueryNode;

    /// <summary>A text by itself: to be found in the label or the command.</summary>
    public sealed record Word(QueryText Text) : QueryNode;
}

/// <summary>One field to sort by.</summary>
public sealed record SortKey(QueryText Field, bool Descending);

/// <summary>What to list, as it was written.</summary>
/// <param name="Filter">Null: all jobs.</param>
/// <param name="Sort">Empty: newest first.</param>
/// <param name="Limit">Null: the server's.</param>
public sealed record Query(QueryNode? Filter, IReadOnlyList<SortKey> Sort, int? Limit);

/// <summary>What could be read, and everything that could not.</summary>
public sealed record Read<T>(T Value, IReadOnlyList<TextError> Errors)
{
    public bool Ok => Errors.Count == 0;
}
