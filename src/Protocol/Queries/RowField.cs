using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Queries;

/// <summary>Something of a row that can be asked for and sorted by.</summary>
public abstract record RowField(string Name, string Help)
{
    /// <summary>The operators that it takes.</summary>
    public abstract IReadOnlyList<QueryOperator> Operators { get; }

    public sealed record Text(string Name, string Help, Func<JobRow, string> Get)
        : RowField(Name, Help)
    {
        public override IReadOnlyList<QueryOperator> Operators { get; } =
        [
            QueryOperator.Equal,
            QueryOperator.NotEqual,
            QueryOperator.Contains,
            QueryOperator.NotContains,
        ];
    }

    /// <summary>Numbers from Low to High: the jobs of a row may have several.</summary>
    public sealed record Number(string Name, string Help, Func<JobRow, (long Low, long High)> Get)
        : RowField(Name, Help)
    {
        public override IReadOnlyList<QueryOperator> Operators { get; } =
        [QueryOperator.Equal, QueryOperator.NotEqual, .. Orders];
    }

    /// <summary>The statuses of a row's jobs.</summary>
    public sealed record Statuses(string Name, string Help) : RowField(Name, Help)
    {
        public override IReadOnlyList<QueryOperator> Operators { get; } =
        [QueryOperator.Equal, QueryOperator.NotEqual];

        /// <summary>How many jobs of a row are in a status.</summary>
        public static long Count(JobRow row, Status status) =>
            row.Counts.Count == 0 ? (row.Status == status ? 1 : 0)
            : (int)status < row.Counts.Count ? row.Counts[(int)status]
            : 0;

        public static bool Has(JobRow row, Status status) => Count(row, status) > 0;
    }

    /// <summary>In µs; 0: not yet.</summary>
    public sealed record Instant(string Name, string Help, Func<JobRow, long> Get)
        : RowField(Name, Help)
    {
        public override IReadOnlyList<QueryOperator> Operators => Orders;
    }

    /// <summary>In µs, at an instant; null: none.</summary>
    public sealed record Duration(string Name, string Help, Func<JobRow, long, long?> Get)
        : RowField(Name, Help)
    {
        public override IReadOnlyList<QueryOperator> Operators => Orders;
    }

    private static readonly QueryOperator[] Orders =
    [
        QueryOperator.Less,
        QueryOperator.LessOrEqual,
        QueryOperator.Greater,
        QueryOperator.GreaterOrEqual,
    ];
}
