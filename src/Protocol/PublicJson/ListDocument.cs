using System.Text.Json;
using System.Text.Json.Serialization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>A part of the job table.</summary>
/// <param name="Jobs">A job, or a map.</param>
/// <param name="Truncated">Whether more jobs match.</param>
/// <param name="AsOf">The earlier time at which the jobs were like this; null: they are like this
/// now.</param>
public sealed record ListDocument(
    IEnumerable<ListedJob> Jobs,
    bool Truncated,
    [property: Form(JsonForm.Instant)] string? AsOf = null
) : PublicDocument
{
    /// <param name="now">The current time in µs.</param>
    /// <param name="asOf">The earlier instant that was asked for; 0: none.</param>
    public static ListDocument Of(ListReply reply, long now, long asOf = 0)
    {
        var at = asOf > 0 ? asOf : now;
        return new(
            reply.Rows.Select(row => new ListedJob(row, at)),
            reply.Truncated,
            asOf > 0 ? Instants.Print(asOf, TimeSpan.Zero) : null
        );
    }
}

/// <summary>A row of the job table: the jids and counts of its jobs, and each field of the
/// catalogue; null: it has none.</summary>
/// <param name="Now">The current time in µs.</param>
[JsonConverter(typeof(ListedJobConverter))]
public sealed record ListedJob(JobRow Row, long Now);

/// <summary>Writes a row by the catalogue of fields.</summary>
internal sealed class ListedJobConverter : JsonConverter<ListedJob>
{
    public override void Write(
        Utf8JsonWriter writer,
        ListedJob value,
        JsonSerializerOptions options
    )
    {
        var (row, now) = value;
        var counts = CountsOf(row);
        writer.WriteStartObject();
        writer.WriteNumber("first"u8, row.First);
        writer.WriteNumber("last"u8, row.Last);
        writer.WritePropertyName("counts"u8);
        JsonSerializer.Serialize(
            writer,
            StatusCounts.Of(counts),
            PublicJsonContext.Default.StatusCounts
        );
        foreach (var field in RowFields.All)
        {
            writer.WritePropertyName(field.Name);
            if (field is RowField.Statuses)
                writer.WriteStringValue(StatusCounts.Summary(counts));
            else
                Write(writer, field, row, now);
        }
        writer.WriteEndObject();
    }

    /// <summary>No program of the cloud reads a row.</summary>
    public override ListedJob Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => throw new NotSupportedException();

    /// <summary>The counts of a row; a single job of a feed has its status alone.</summary>
    private static IReadOnlyList<long> CountsOf(JobRow row)
    {
        if (row.Counts.Count > 0)
            return row.Counts;
        var counts = new long[Statuses.Count];
        for (var status = Status.Waiting; (int)status < counts.Length; status++)
            counts[(int)status] = RowField.Statuses.Count(row, status);
        return counts;
    }

    private static void Write(Utf8JsonWriter json, RowField field, JobRow row, long now)
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
            case RowField.Text text when text.Get(row).Length > 0:
                json.WriteStringValue(text.Get(row));
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
