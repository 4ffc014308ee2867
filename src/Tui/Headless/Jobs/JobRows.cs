using System.Text;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>Formats rows of the job table as cells of chosen columns.</summary>
internal static class JobRows
{
    /// <summary>The default columns of a list.</summary>
    public const string DefaultColumns = "jid,status,created,runtime,node,label,command";

    /// <summary>The columns of deleted jobs: all that is kept of them.</summary>
    public const string DeletedColumns = "jid,status,created,finished,runtime";

    /// <param name="instant">The cell of an instant.</param>
    public static TableCell CellOf(
        RowField field,
        JobRow row,
        long now,
        Func<long, TableCell> instant
    ) =>
        field switch
        {
            RowField.Statuses => TableCell.Status(StatusOf(row), RowField.Statuses.First(row)),
            RowField.Number number => number.Get(row) is var (low, high) && low == high
                ? TableCell.Of(low)
                : TableCell.Of(number.Print(row)),
            RowField.Text text => TableCell.Of(text.Get(row)),
            RowField.Instant at => instant(at.Get(row)),
            RowField.Duration duration => duration.Get(row, now) is { } micros
                ? TableCell.Of(Durations.Words(Rounded(micros)))
                : TableCell.None,
            _ => TableCell.None,
        };

    private static string StatusOf(JobRow row) => StatusOf(row.Counts, row.Last - row.First + 1);

    /// <summary>One status if all jobs are in it, else <c>3 done, 1 error</c>.</summary>
    public static string StatusOf(IReadOnlyList<long> counts, long jobs)
    {
        var text = new StringBuilder();
        foreach (var (status, count) in Counts(counts))
        {
            if (count == jobs)
                return StatusNames.Of(status);
            text.Append(text.Length > 0 ? ", " : "").Append($"{count} {StatusNames.Of(status)}");
        }
        return text.ToString();
    }

    private static IEnumerable<(Status Status, long Count)> Counts(IReadOnlyList<long> counts)
    {
        for (var i = 1; i < counts.Count; i++)
            if (counts[i] > 0)
                yield return ((Status)i, counts[i]);
    }

    /// <summary>Rounds down to 1 ms below 1 s, to 100 ms below 1 min, else to 1 s.</summary>
    private static TimeSpan Rounded(long micros)
    {
        var unit =
            micros < 1_000_000 ? 1_000
            : micros < 60_000_000 ? 100_000
            : 1_000_000;
        return TimeSpan.FromMicroseconds(micros / unit * unit);
    }
}
