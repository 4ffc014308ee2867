using JobCloud.Protocol.Queries;

namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>
/// A condition on slices in SQL. It may let more submissions through than fit a query, never less:
/// the query itself is then run over the rows.
/// </summary>
/// <param name="Sql">Over the columns of <c>slices</c>; parameters are @p0, @p1, …</param>
internal sealed record SliceFilter(string Sql, IReadOnlyList<object> Parameters)
{
    public static SliceFilter Everything { get; } = new("1 = 1", []);

    /// <param name="now">In µs, for what is said as so long ago.</param>
    /// <param name="owner">Whose jobs; null: everybody's.</param>
    public static SliceFilter Of(BoundQuery query, long now, string? owner) =>
        new SliceFilterWriter(now, alone: false).Write(query.Filter, owner);

    /// <summary>For the slices of a submission whose jobs are looked at one by one: lets those
    /// through that may hold a job that fits.</summary>
    public static SliceFilter OfEachJob(BoundQuery query, long now) =>
        new SliceFilterWriter(now, alone: true).Write(query.Filter, owner: null);
}
