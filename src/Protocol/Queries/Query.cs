using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Queries;

/// <summary>A part of a query's text, with its position.</summary>
public sealed record QueryText(string Text, int At = 0, int Length = 0);

/// <summary>A condition as written, with unresolved names.</summary>
public abstract record QueryNode
{
    private QueryNode() { }

    /// <summary>Two or more conditions that must all hold.</summary>
    public sealed record All(IReadOnlyList<QueryNode> Parts) : QueryNode;

    /// <summary>Two or more conditions, of which one must hold.</summary>
    public sealed record Any(IReadOnlyList<QueryNode> Parts) : QueryNode;

    public sealed record Not(QueryNode Part) : QueryNode;

    /// <summary>Compares a field with values: = and ~ need one match, != and !~ none.</summary>
    public sealed record Comparison(
        QueryText Field,
        QueryOperator Operator,
        IReadOnlyList<QueryText> Values
    ) : QueryNode;

    /// <summary>A text to find in the label or the command.</summary>
    public sealed record Word(QueryText Text) : QueryNode;

    /// <summary>The jobs of a jid list: <c>3,7-9,failed</c>.</summary>
    public sealed record Jobs(IReadOnlyList<SelectionItem> Items) : QueryNode;

    /// <summary>All items of jid lists in a condition.</summary>
    public static IEnumerable<SelectionItem> ItemsOf(QueryNode? node) =>
        node switch
        {
            All all => all.Parts.SelectMany(ItemsOf),
            Any any => any.Parts.SelectMany(ItemsOf),
            Not not => ItemsOf(not.Part),
            Jobs jobs => jobs.Items,
            _ => [],
        };
}

/// <summary>A field to sort by.</summary>
public sealed record SortKey(QueryText Field, bool Descending);

/// <summary>A query as written.</summary>
/// <param name="Filter">Null: all jobs.</param>
/// <param name="Sort">Empty: newest first.</param>
/// <param name="Limit">Null: the server's default.</param>
public sealed record Query(QueryNode? Filter, IReadOnlyList<SortKey> Sort, int? Limit);

/// <summary>A parsed value, together with all errors found.</summary>
public sealed record QueryResult<T>(T Value, IReadOnlyList<TextError> Errors)
{
    public bool Ok => Errors.Count == 0;
}
