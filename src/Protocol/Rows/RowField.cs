using System.Globalization;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Rows;

/// <summary>A field of a row, for lists, queries and sorting.</summary>
/// <param name="Name">Its name in queries and lists, and its JSON key.</param>
public abstract record RowField(string Name, string Help)
{
    /// <summary>Its stored columns; empty: it is computed from other fields.</summary>
    public IReadOnlyList<RowColumn> Columns { get; init; } = [];

    /// <summary>Its column on the screen; null: none.</summary>
    public ScreenColumn? Screen { get; init; }

    public sealed record Text(string Name, string Help, Func<JobRow, string> Get)
        : RowField(Name, Help);

    /// <summary>Numbers from Low to High, as the jobs of a row may have several.</summary>
    public sealed record Number(string Name, string Help, Func<JobRow, (long Low, long High)> Get)
        : RowField(Name, Help)
    {
        /// <summary>One number: <c>7</c>; several: <c>10-19</c>.</summary>
        public string Print(JobRow row)
        {
            var (low, high) = Get(row);
            return low == high
                ? low.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{low}-{high}");
        }
    }

    /// <summary>An instant in µs; 0: not yet.</summary>
    public sealed record Instant(string Name, string Help, Func<JobRow, long> Get)
        : RowField(Name, Help);

    /// <summary>A duration in µs, as of an instant; null: none.</summary>
    public sealed record Duration(string Name, string Help, Func<JobRow, long, long?> Get)
        : RowField(Name, Help);

    /// <summary>The statuses of a row's jobs.</summary>
    public sealed record Statuses(string Name, string Help) : RowField(Name, Help)
    {
        /// <summary>The number of a row's jobs in a status.</summary>
        public static long Count(JobRow row, Status status) =>
            row.Counts.Count == 0 ? (row.Status == status ? 1 : 0)
            : (int)status < row.Counts.Count ? row.Counts[(int)status]
            : 0;

        public static bool Has(JobRow row, Status status) => Count(row, status) > 0;

        /// <summary>The lowest status number among the row's jobs; unspecified: none.</summary>
        public static Status First(JobRow row)
        {
            for (var status = Status.Waiting; (int)status < Jobs.Statuses.Count; status++)
            {
                if (Has(row, status))
                    return status;
            }
            return Status.Unspecified;
        }
    }
}

/// <summary>The column of a field in the full-screen job table.</summary>
/// <param name="Place">Its position among the columns.</param>
/// <param name="Width">Its width; 0: the rest of the line.</param>
/// <param name="Rank">Columns with the highest rank are hidden first if space is short.</param>
/// <param name="Right">Whether it is right-aligned.</param>
/// <param name="Most">Its width where the screen has more room; 0: it does not grow.</param>
public sealed record ScreenColumn(
    int Place,
    string Title,
    int Width,
    int Rank,
    bool Right = false,
    int Most = 0
);
