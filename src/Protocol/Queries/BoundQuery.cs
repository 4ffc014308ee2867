using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Queries;

/// <summary>A condition whose names and values are known.</summary>
public abstract record BoundNode
{
    private BoundNode() { }

    public sealed record All(IReadOnlyList<BoundNode> Parts) : BoundNode;

    public sealed record Any(IReadOnlyList<BoundNode> Parts) : BoundNode;

    public sealed record Not(BoundNode Part) : BoundNode;

    /// <summary>One value against one field; <paramref name="Operator"/> is never a
    /// negation.</summary>
    public sealed record Test(RowField Field, QueryOperator Operator, Operand Operand) : BoundNode;
}

/// <summary>A value to compare with.</summary>
/// <param name="Text">Of a text field.</param>
/// <param name="Number">A number, a status's number, an instant or a length of time in µs.</param>
/// <param name="Ago">Whether an instant is stated as so many µs before now.</param>
public sealed record Operand(string Text = "", long Number = 0, bool Ago = false);

/// <summary>A field to sort by.</summary>
public sealed record BoundKey(RowField Field, bool Descending);

/// <summary>A query that can be run.</summary>
/// <param name="Filter">Null: all jobs.</param>
/// <param name="Sort">Empty: newest first.</param>
/// <param name="Limit">Null: the server's.</param>
public sealed record BoundQuery(BoundNode? Filter, IReadOnlyList<BoundKey> Sort, int? Limit);
