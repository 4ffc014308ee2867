using JobCloud.Protocol.Queries;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>An SQL condition on slices. It never excludes a submission that matches the query, but
/// may include others; the query itself is then applied to the rows.</summary>
/// <param name="Sql">Condition over the columns of <c>slices</c>, with parameters @p0, @p1,
/// …</param>
internal sealed record SliceFilter(string Sql, IReadOnlyList<object> Parameters)
{
    public static SliceFilter Everything { get; } = new("1 = 1", []);

    /// <summary>The slices with failed jobs.</summary>
    public static SliceFilter WithFailures { get; } = new($"{IndexTables.Failed} > 0", []);

    /// <param name="now">Current time in µs, for relative times in the query.</param>
    /// <param name="owner">Owner of the jobs; null for all owners.</param>
    public static SliceFilter Of(BoundQuery query, long now, string? owner) =>
        new SliceFilterWriter(now, alone: false).Write(query.Filter, owner);

    /// <summary>Creates a filter for the slices of a submission whose jobs are examined one by one:
    /// includes slices that may hold a matching job.</summary>
    public static SliceFilter OfEachJob(BoundQuery query, long now) =>
        new SliceFilterWriter(now, alone: true).Write(query.Filter, owner: null);
}
