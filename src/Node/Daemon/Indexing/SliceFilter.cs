using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>An SQL condition on slices or submissions. It never excludes one that matches the
/// query, but may include others; the query itself is then applied to the rows.</summary>
/// <param name="Sql">Condition over the columns of <c>slices</c>, with parameters @p0, @p1,
/// …</param>
/// <param name="Parameters">The parameters of all conditions.</param>
internal sealed record SliceFilter(string Sql, IReadOnlyList<object> Parameters)
{
    public static SliceFilter Everything { get; } = new("1 = 1", []);

    /// <summary>The slices with failed jobs.</summary>
    public static SliceFilter WithFailures { get; } = new($"{IndexTables.Failed} > 0", []);

    /// <summary>The submissions with unfinished jobs.</summary>
    public static SliceFilter WithUnfinished { get; } =
        new($"{IndexTables.Unfinished} > 0", []) { Segments = "unfinished > 0" };

    /// <summary>The submissions with done jobs.</summary>
    public static SliceFilter WithDone { get; } = new("done > 0", []) { Segments = "done > 0" };

    /// <summary>Condition over the columns of <c>segments</c>. It excludes only segments where no
    /// submission of one slice matches.</summary>
    public string Segments { get; private init; } = "1 = 1";

    /// <summary>A matching submission has one of these labels; null: any or none.</summary>
    public IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>Whether each matching submission has a failed job.</summary>
    public bool NeedsFailed { get; private init; }

    /// <summary>Creates a filter for submissions.</summary>
    /// <param name="now">Current time in µs, for relative times in the query.</param>
    /// <param name="owner">Owner of the jobs; null for all owners.</param>
    public static SliceFilter Of(BoundQuery query, long now, string? owner)
    {
        var filter = owner is null
            ? query.Filter
            : new BoundNode.All([
                new BoundNode.Test(RowFields.Owner, QueryOperator.Equal, new Operand(owner)),
                .. query.Filter is { } wanted ? [wanted] : Array.Empty<BoundNode>(),
            ]);
        var parameters = new List<object>();
        return new SliceFilter(
            new SliceFilterWriter(now, alone: false, parameters).Write(filter),
            parameters
        )
        {
            Segments = new SegmentFilterWriter(now, parameters).Write(filter),
            Labels = LabelsOf(filter),
            NeedsFailed = NeedsFailedJob(filter),
        };
    }

    /// <summary>Creates a filter for the slices of a submission whose jobs are examined one by one:
    /// includes slices that may hold a matching job.</summary>
    public static SliceFilter OfEachJob(BoundQuery query, long now)
    {
        var parameters = new List<object>();
        return new SliceFilter(
            new SliceFilterWriter(now, alone: true, parameters).Write(query.Filter),
            parameters
        );
    }

    private static bool NeedsFailedJob(BoundNode? filter) =>
        filter switch
        {
            BoundNode.Test test when test.Field == RowFields.Status => (Status)test.Operand.Number
                is Status.Error
                    or Status.Killed
                    or Status.Stalled,
            BoundNode.Test test when test.Field == RowFields.Failed => test.Operator switch
            {
                QueryOperator.Greater => test.Operand.Number >= 0,
                QueryOperator.GreaterOrEqual or QueryOperator.Equal => test.Operand.Number > 0,
                _ => false,
            },
            BoundNode.All all => all.Parts.Any(NeedsFailedJob),
            BoundNode.Any { Parts.Count: > 0 } any => any.Parts.All(NeedsFailedJob),
            _ => false,
        };

    private static IReadOnlyList<string>? LabelsOf(BoundNode? filter) =>
        filter switch
        {
            BoundNode.Test
            {
                Operator: QueryOperator.Equal,
                Operand.Text: { Length: > 0 } label
            } test when test.Field == RowFields.Label => [label],
            BoundNode.All all => all
                .Parts.Select(LabelsOf)
                .FirstOrDefault(some => some is not null),
            BoundNode.Any { Parts.Count: > 0 } any
                when any.Parts.Select(LabelsOf).ToList() is var each && !each.Contains(null) =>
            [
                .. each.SelectMany(some => some!).Distinct(),
            ],
            _ => null,
        };
}
