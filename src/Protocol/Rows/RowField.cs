using System.Globalization;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Rows;

/// <summary>A field of a row, which can be listed, asked for and sorted by.</summary>
/// <param name="Name">In queries, of its column in lists, and as a JSON key.</param>
public abstract record RowField(string Name, string Help)
{
    /// <summary>What is stored of it; empty: it is computed from other fields.</summary>
    public IReadOnlyList<RowColumn> Columns { get; init; } = [];

    /// <summary>Its column on the screen; null: it has none.</summary>
    public ScreenColumn? Screen { get; init; }

    public sealed record Text(string Name, string Help, Func<JobRow, string> Get)
        : RowField(Name, Help);

    /// <summary>Numbers from Low to High: the jobs of a row may have several.</summary>
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

    /// <summary>In µs; 0: not yet.</summary>
    public sealed record Instant(string Name, string Help, Func<JobRow, long> Get)
        : RowField(Name, Help);

    /// <summary>In µs, at an instant; null: none.</summary>
    public sealed record Duration(string Name, string Help, Func<JobRow, long, long?> Get)
        : RowField(Name, Help);

    /// <summary>The statuses of a row's jobs.</summary>
    public sealed record Statuses(string Name, string Help) : RowField(Name, Help)
    {
        /// <summary>How many jobs of a row are in a status.</summary>
        public static long Count(JobRow row, Status status) =>
            row.Counts.Count == 0 ? (row.Status == status ? 1 : 0)
            : (int)status < row.Counts.Count ? row.Counts[(int)status]
            : 0;

        public static bool Has(JobRow row, Status status) => Count(row, status) > 0;

        /// <summary>The first status, by their numbers, that a job is in; unspecified:
        /// none.</summary>
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

/// <summary>How the full-screen job table shows a field.</summary>
/// <param name="Place">Columns are ordered by it.</param>
/// <param name="Width">0: it takes what the others leave.</param>
/// <param name="Rank">Where there is no room for all, the largest go first.</param>
/// <param name="Right">It is aligned to the right.</param>
public sealed record ScreenColumn(int Place, string Title, int Width, int Rank, bool Right = false);
