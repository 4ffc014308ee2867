using FsCheck;
using FsCheck.Fluent;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Testing;

/// <summary>Generators of well-formed queries with known and unknown names, for the same
/// attribute.</summary>
public static class QueryGenerators
{
    private static readonly Gen<QueryText> AnyText = Gen.Elements(
            "a",
            "n1",
            "a b",
            "",
            "\"",
            "\\",
            "or",
            "limit",
            "sort",
            "not",
            "x=y",
            "2h",
            "3",
            "error",
            "é,(",
            "-1",
            "2026-11-22",
            "me",
            "!"
        )
        .Select(text => new QueryText(text));

    private static readonly Gen<QueryText> Field = Gen.Elements(
            RowFields.All.Select(field => field.Name).Append("nosuch").ToArray()
        )
        .Select(name => new QueryText(name));

    public static Arbitrary<QueryNode> Nodes() =>
        Gen.Sized(size => Node(Math.Min(size, 4))).ToArbitrary();

    public static Arbitrary<Query> Queries() =>
        (
            from filter in Nodes().Generator
            from empty in Gen.Elements(true, false, false)
            from sort in Gen.OneOf(
                Gen.Constant(new List<SortKey>()),
                Gen.Zip(Field, Gen.Elements(true, false))
                    .Select(pair => new SortKey(pair.Item1, pair.Item2))
                    .NonEmptyListOf()
                    .Select(keys => keys.ToList())
            )
            from limit in Gen.Choose(0, 4)
            select new Query(empty ? null : filter, sort, limit > 0 ? limit : null)
        ).ToArbitrary();

    /// <summary>Queries that are ready to run.</summary>
    public static Arbitrary<BoundQuery> BoundQueries() =>
        Queries()
            .Generator.Select(query => QueryBinder.Bind(query, "me"))
            .Where(bound => bound.Ok)
            .Select(bound => bound.Value)
            .ToArbitrary();

    private static Gen<QueryNode> Node(int depth) =>
        depth <= 0
            ? Gen.OneOf(Comparison, AnyText.Select(text => (QueryNode)new QueryNode.Word(text)))
            : Gen.OneOf(
                Comparison,
                Parts(depth).Select(parts => (QueryNode)new QueryNode.All(parts)),
                Parts(depth).Select(parts => (QueryNode)new QueryNode.Any(parts)),
                Node(depth - 1).Select(part => (QueryNode)new QueryNode.Not(part))
            );

    private static Gen<List<QueryNode>> Parts(int depth) =>
        from count in Gen.Choose(2, 3)
        from parts in Node(depth - 2).ListOf(count)
        select parts.ToList();

    private static Gen<QueryNode> Comparison { get; } =
        from field in Field
        from sign in Gen.Elements(Enum.GetValues<QueryOperator>())
        from values in AnyText.NonEmptyListOf()
        select (QueryNode)new QueryNode.Comparison(field, sign, [.. values.Take(3)]);
}
