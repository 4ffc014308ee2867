using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Queries;

/// <summary>A condition with resolved names and values.</summary>
public abstract record BoundNode
{
    private BoundNode() { }

    public sealed record All(IReadOnlyList<BoundNode> Parts) : BoundNode;

    public sealed record Any(IReadOnlyList<BoundNode> Parts) : BoundNode;

    public sealed record Not(BoundNode Part) : BoundNode;

    /// <summary>Compares a field with a value; <paramref name="Operator"/> is never a
    /// negation.</summary>
    public sealed record Test(RowField Field, QueryOperator Operator, Operand Operand) : BoundNode;
}

/// <summary>A value to compare with.</summary>
/// <param name="Text">The value for a text field.</param>
/// <param name="Number">A number, a status number, or an instant or duration in µs.</param>
/// <param name="Ago">Whether an instant is relative: µs before now.</param>
public sealed record Operand(string Text = "", long Number = 0, bool Ago = false);

/// <summary>A field to sort by.</summary>
public sealed record BoundSortKey(RowField Field, bool Descending);

/// <summary>A query that is ready to run.</summary>
/// <param name="Filter">Null: all jobs.</param>
/// <param name="Sort">Empty: newest first.</param>
/// <param name="Limit">Null: the server's default.</param>
public sealed record BoundQuery(BoundNode? Filter, IReadOnlyList<BoundSortKey> Sort, int? Limit);
