using System.Globalization;
using System.Text;
using System.Text.Json;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Parses the lines of a batch.</summary>
/// <param name="place">The place of all submissions.</param>
/// <param name="files">Takes the files to send along.</param>
internal sealed class BatchReader(
    CommandProcess terminal,
    SubmissionPlace place,
    OutgoingFiles files
)
{
    /// <summary>Whatever delays one of the submissions, their jids are in the order of the
    /// lines.</summary>
    private readonly string _series = Guid.NewGuid().ToString("N");

    private readonly SubmissionReader _submissions = new(
        new SubmissionSource(terminal.Submitter, files),
        place
    );

    /// <summary>Parses one line. Never throws: an error in the line becomes its answer.</summary>
    /// <param name="number">The line number, from 1; the default id.</param>
    public BatchLine Read(ReadOnlySpan<byte> line, long number)
    {
        var id = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return Invalid(id, $"Line {number} is not a JSON object.");
            return ReadObject(ref reader, line, id, number);
        }
        catch (Exception failure)
            when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return Invalid(id, $"Line {number} is not a valid JSON request: {failure.Message}");
        }
    }

    private BatchLine ReadObject(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> line,
        byte[] id,
        long number
    )
    {
        CallRequest? request = null;
        TextError? error = null;
        var (items, limit, expand) = ("", 0, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "id":
                    id = Raw(ref reader, line);
                    break;
                case "items":
                    items = reader.GetString() ?? "";
                    break;
                case "limit":
                    limit = reader.GetInt32();
                    break;
                case "expand":
                    expand = reader.GetBoolean();
                    break;
                default:
                    if (request is not null)
                        error ??= new TextError(
                            0,
                            0,
                            $"'{name}' is a second request; put one request on each line."
                        );
                    var parsed = ReadRequest(name, ref reader);
                    error ??= parsed.Error;
                    request = parsed.Value;
                    break;
            }
        }
        if (error is not null)
            return Invalid(id, $"Line {number}: {error.Message}");
        return request is null
            ? Invalid(id, $"Line {number} contains no request; use one of {Known}.")
            : WithDetails(id, request, items, limit, expand, number);
    }

    private const string Known = "exec, mapexec, status, info, kill, delete, retry, ls";

    private Parsed<CallRequest> ReadRequest(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case SubmissionReader.Exec or SubmissionReader.MapExec:
                var kind = SubmissionReader.KindOf(name)!.Value;
                var submission = _submissions.Read(ref reader, kind);
                if (!submission.Ok)
                    return submission.Error;
                submission.Value.Series = _series;
                return CloudCalls.Submit.With(submission.Value);
            case "ls":
                return CloudCalls.List.With(new() { Query = reader.GetString() ?? "" });
            case "status" or "info" or "kill" or "delete" or "retry":
                var text = JsonTexts.Scalar(ref reader);
                var jobs = text.Ok ? JidNotation.Parse(text.Value) : text.Error;
                return jobs.Ok ? OnJobs(name, jobs.Value) : jobs.Error;
            default:
                return new TextError(0, 0, $"Unknown request '{name}'; use one of {Known}.");
        }
    }

    private static CallRequest OnJobs(string name, Selection jobs) =>
        name switch
        {
            "status" => CloudCalls.Status.With(new() { Jobs = jobs }),
            "info" => CloudCalls.Info.With(new() { Jobs = jobs }),
            "kill" => CloudCalls.Kill.With(new() { Jobs = jobs }),
            "delete" => CloudCalls.Delete.With(new() { Jobs = jobs }),
            _ => CloudCalls.Retry.With(new() { Jobs = jobs }),
        };

    private static BatchLine WithDetails(
        byte[] id,
        CallRequest request,
        string items,
        int limit,
        bool expand,
        long number
    )
    {
        if (request.Message is ListRequest list)
            (list.Limit, list.Expand) = (limit, expand);
        if (request.Message is not InfoRequest info)
            return new BatchLine(id) { Request = request };
        var selection = InfoSelection.Parse(items);
        if (!selection.Ok)
            return Invalid(id, $"Line {number}: {selection.Error.Message}");
        foreach (var item in selection.Value.Items)
            info.Items.Add(item.Name);
        return new BatchLine(id) { Request = request, Items = selection.Value };
    }

    private static byte[] Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var from = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[from..(int)reader.BytesConsumed].ToArray();
    }

    private static BatchLine Invalid(byte[] id, string message) =>
        new(id) { Error = CommandError.Usage(message) };
}
