using System.Text.Json;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Parses <c>exec</c> and <c>mapexec</c> objects, whose members are job
/// attributes.</summary>
/// <param name="place">The place of all submissions.</param>
internal sealed class BatchSubmission(CommandProcess terminal, SubmissionPlace place)
{
    private readonly SubmissionSource _from = new(terminal, inputIsTaken: true);

    public Parsed<SubmitRequest> Read(ref Utf8JsonReader reader, SubmissionKind kind)
    {
        var request = SubmissionDraft.New(kind);
        request.Place = place;
        if (reader.TokenType == JsonTokenType.String)
            request.Spec.Command = reader.GetString()!;
        else if (reader.TokenType != JsonTokenType.StartObject)
            return Error("Missing command; write {\"exec\": {\"command\": \"…\"}}.");
        else if (ReadMembers(ref reader, request) is { } error)
            return error;
        return request.Spec.Command.Length > 0
            ? SubmissionDraft.Finish(request, Name)
            : Error("Missing member 'command'.");
    }

    private TextError? ReadMembers(ref Utf8JsonReader reader, SubmitRequest request)
    {
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var wrong = ReadMember(name, ref reader, request);
            error ??= wrong;
        }
        return error;
    }

    private TextError? ReadMember(string name, ref Utf8JsonReader reader, SubmitRequest request)
    {
        if (name == JobAttributes.Command.Member)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
                CommandLine.SetArgv(request.Spec, JsonText.Scalars(ref reader));
            else
                request.Spec.Command = JsonText.Scalar(ref reader);
            return null;
        }
        if (JobAttributes.Find(name, SubmissionDraft.KindOf(request)) is not { } attribute)
        {
            reader.Skip();
            return Error($"{name}: unknown option.");
        }
        if (attribute.Kind == AttributeKind.Lists)
            return ReadColumns(attribute, ref reader, request);
        TextError? error = null;
        foreach (var text in Texts(attribute, ref reader))
            error ??= attribute.Read(request, text, _from, Name);
        return error;
    }

    private static List<string> Texts(JobAttribute attribute, ref Utf8JsonReader reader) =>
        attribute.Kind switch
        {
            AttributeKind.Texts => JsonText.Scalars(ref reader),
            AttributeKind.Pairs => JsonText.Pairs(ref reader),
            _ => [JsonText.Scalar(ref reader)],
        };

    /// <summary>Reads the lists as JSON, since a command-line text cannot express every
    /// value.</summary>
    private TextError? ReadColumns(
        JobAttribute attribute,
        ref Utf8JsonReader reader,
        SubmitRequest request
    )
    {
        TextError? error = null;
        foreach (var (name, values) in JsonText.Lists(ref reader))
        {
            var column = new MapColumn
            {
                Name = name,
                List = new ValueList { Values = { values } },
            };
            var sent = MapSources.WithFiles(column, path => _from.TryRead(path));
            error ??= sent.Error;
            if (sent.Ok)
                request.Columns.Add(sent.Value);
        }
        return error is null
            ? null
            : error with
            {
                Message = $"{Name(attribute)}: {error.Message}",
            };
    }

    private static string Name(JobAttribute attribute) => attribute.Member;

    private static TextError Error(string message) => new(0, 0, message);
}
