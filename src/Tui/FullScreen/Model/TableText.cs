using System.Globalization;
using System.Text;
using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Exports the job table for other programs, with each field in its own unit.</summary>
internal static class TableText
{
    /// <summary>CSV (RFC 4180) with a header line; instants in UTC, durations in seconds.</summary>
    public static string Csv(IReadOnlyList<JobRow> rows, long now)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', RowFields.Names).Append("\r\n");
        foreach (var row in rows)
            text.AppendJoin(
                    ',',
                    RowFields.All.Select(field => Quoted(Value(field, row, now)?.ToString() ?? ""))
                )
                .Append("\r\n");
        return text.ToString();
    }

    /// <summary>A JSON array with one object per row; a missing value is null.</summary>
    public static string Json(IReadOnlyList<JobRow> rows, long now)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var row in rows)
                Write(json, row, now);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, JobRow row, long now)
    {
        json.WriteStartObject();
        foreach (var field in RowFields.All)
        {
            json.WritePropertyName(field.Name);
            if (Value(field, row, now) is not { } value)
                json.WriteNullValue();
            else if (field is RowField.Number or RowField.Duration && !value.Contains('-'))
                json.WriteRawValue(value);
            else
                json.WriteStringValue(value);
        }
        json.WriteEndObject();
    }

    private static string? Value(RowField field, JobRow row, long now) =>
        field switch
        {
            RowField.Number number => number.Print(row),
            RowField.Text text => text.Get(row),
            RowField.Instant instant => instant.Get(row) is > 0 and var at
                ? Instants.Print(at, TimeSpan.Zero)
                : null,
            RowField.Duration duration => duration.Get(row, now) is { } micros
                ? (micros / 1e6).ToString("0.######", CultureInfo.InvariantCulture)
                : null,
            _ => Statuses(row),
        };

    private static string Statuses(JobRow row) =>
        string.Join(
            ' ',
            Enum.GetValues<JobCloud.Protocol.Status>()
                .Skip(1)
                .Where(status => RowField.Statuses.Has(row, status))
                .Select(StatusNames.Of)
        );

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? '"' + text.Replace("\"", "\"\"") + '"' : text;
}
