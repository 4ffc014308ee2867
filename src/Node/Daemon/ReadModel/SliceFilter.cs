namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>A condition on slices in SQL. It may let more through than was asked for, never less.</summary>
/// <param name="Sql">Over the columns of <c>slices</c>; parameters are @p0, @p1, …</param>
public sealed record SliceFilter(string Sql, IReadOnlyList<object> Parameters)
{
    public static SliceFilter Everything { get; } = new("1 = 1", []);
}
