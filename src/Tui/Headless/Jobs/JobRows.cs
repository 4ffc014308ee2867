using System.Text;
using System.Text.Json;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>Formats rows of the job table, as cells of chosen columns or as JSON with every
/// field.</summary>
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
            RowField.Text text => TableCell.OrNone(text.Get(row)),
            RowField.Instant at => instant(at.Get(row)),
            RowField.Duration duration => duration.Get(row, now) is { } micros
                ? TableCell.Of(Durations.Words(Rounded(micros)))
                : TableCell.None,
            _ => TableCell.None,
        };

    /// <summary>Writes the members <c>jobs</c> and <c>truncated</c> of the current
    /// object.</summary>
    public static void Write(Utf8JsonWriter json, ListReply reply, long now)
    {
        json.WriteStartArray("jobs");
        foreach (var row in reply.Rows)
            Write(json, row, now);
        json.WriteEndArray();
        json.WriteBoolean("truncated", reply.Truncated);
    }

    private static void Write(Utf8JsonWriter json, JobRow row, long now)
    {
        json.WriteStartObject();
        json.WriteNumber("first", row.First);
        json.WriteNumber("last", row.Last);
        WriteCounts(json, row.Counts);
        foreach (var field in RowFields.All)
        {
            json.WritePropertyName(field.Name);
            WriteValue(json, field, row, now);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, RowField field, JobRow row, long now)
    {
        switch (field)
        {
            case RowField.Number number:
                json.WriteNumberValue(number.Get(row).Low);
                break;
            case RowField.Instant instant when instant.Get(row) > 0:
                json.WriteStringValue(Instants.Print(instant.Get(row), TimeSpan.Zero));
                break;
            case RowField.Duration duration when duration.Get(row, now) is { } micros:
                json.WriteNumberValue(micros / 1e6);
                break;
            case RowField.Statuses:
                json.WriteStringValue(StatusOf(row));
                break;
            case RowField.Text text when text.Get(row).Length > 0:
                json.WriteStringValue(text.Get(row));
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

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

    /// <summary>Writes the member <c>counts</c> of the current object.</summary>
    public static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<long> counts)
    {
        json.WriteStartObject("counts");
        foreach (var (status, count) in Counts(counts))
            json.WriteNumber(StatusNames.Of(status), count);
        json.WriteEndObject();
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
