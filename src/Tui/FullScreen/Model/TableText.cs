using System.Globalization;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
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

    /// <summary>The document that <c>ls -o json</c> prints.</summary>
    public static string Json(IReadOnlyList<JobRow> rows, long now) =>
        Encoding.UTF8.GetString(
            DocumentWriter.Line(
                new ListDocument(rows.Select(row => new ListedJob(row, now)), Truncated: false)
            )
        );

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
