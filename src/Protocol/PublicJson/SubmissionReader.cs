using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Reads submissions: the value of <c>exec</c> or <c>mapexec</c> is a command, or an
/// object whose members are job attributes. An error names the member, and has the position of its
/// value.</summary>
/// <param name="from">Where the files and the directory of the submission are.</param>
/// <param name="place">The place of all submissions; null: the submitter is on another
/// machine.</param>
public sealed class SubmissionReader(ISubmissionSource from, SubmissionPlace? place)
{
    /// <summary>The member of one job.</summary>
    public const string Exec = "exec";

    /// <summary>The member of a map.</summary>
    public const string MapExec = "mapexec";

    /// <summary>Reads an object with one member, <c>exec</c> or <c>mapexec</c>.</summary>
    public Parsed<SubmitRequest> ReadRequest(ref Utf8JsonReader reader)
    {
        var form = $"write {{\"{Exec}\": {{…}}}} or {{\"{MapExec}\": {{…}}}}.";
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var error = Error(ref reader, $"Expected an object; {form}");
            reader.Skip();
            return error;
        }
        Parsed<SubmitRequest>? request = null;
        TextError? wrong = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Text(ref reader);
            reader.Read();
            if (request is null && KindOf(name.Value) is { } kind)
            {
                request = Read(ref reader, kind);
                continue;
            }
            wrong ??= Error(
                ref reader,
                KindOf(name.Value) is null
                    ? $"Unknown member '{name.Value}'; {form}"
                    : $"'{name.Value}' is a second submission; put each into an object of its own."
            );
            reader.Skip();
        }
        return wrong ?? request ?? new TextError(0, 0, $"Missing submission; {form}");
    }

    /// <summary>Reads the value of <c>exec</c> or <c>mapexec</c>.</summary>
    public Parsed<SubmitRequest> Read(ref Utf8JsonReader reader, SubmissionKind kind)
    {
        var request = SubmissionDraft.New(kind);
        request.Place = place;
        if (reader.TokenType == JsonTokenType.String)
        {
            var command = JsonTexts.Text(ref reader);
            if (!command.Ok)
                return Named(JobAttributes.Command, ref reader, command.Error);
            request.Spec.Command = command.Value;
        }
        else if (reader.TokenType != JsonTokenType.StartObject)
        {
            var error = Error(
                ref reader,
                "Missing command; write {\"exec\": {\"command\": \"…\"}}."
            );
            reader.Skip();
            return error;
        }
        else if (ReadMembers(ref reader, request) is { } error)
            return error;
        TraceContext.PutInto(request.Spec, from.Variable(TraceContext.Variable));
        return request.Spec.Command.Length > 0
            ? SubmissionDraft.Finish(request, Name)
            : Error(ref reader, "Missing member 'command'.");
    }

    /// <summary>The kind of a submission; null: the member is no submission.</summary>
    public static SubmissionKind? KindOf(string? member) =>
        member switch
        {
            Exec => SubmissionKind.Job,
            MapExec => SubmissionKind.Map,
            _ => null,
        };

    private TextError? ReadMembers(ref Utf8JsonReader reader, SubmitRequest request)
    {
        TextError? error = null;
        var known = new List<JobAttribute>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Text(ref reader);
            reader.Read();
            var wrong = name.Ok
                ? ReadMember(name.Value, ref reader, request, known)
                : Skipped(ref reader, name.Error.Message);
            error ??= wrong;
        }
        return error;
    }

    private TextError? ReadMember(
        string name,
        ref Utf8JsonReader reader,
        SubmitRequest request,
        List<JobAttribute> known
    )
    {
        var attribute =
            name == JobAttributes.Command.Member
                ? JobAttributes.Command
                : JobAttributes.Find(name, SubmissionDraft.KindOf(request));
        if (attribute is null)
            return Skipped(ref reader, $"{name}: unknown option.");
        if (known.Contains(attribute))
            return Skipped(ref reader, $"{name}: given twice; give it once.");
        known.Add(attribute);
        var at = reader.TokenStartIndex;
        var error =
            attribute == JobAttributes.Command ? ReadCommand(ref reader, request)
            : attribute.Kind == AttributeKind.Lists ? ReadColumns(ref reader, request)
            : attribute.Value.PutContent is { } put && reader.TokenType == JsonTokenType.StartObject
                ? ReadContents(attribute, put, ref reader, request)
            : ReadTexts(attribute, ref reader, request);
        return error is null ? null : new((int)at, 0, $"{name}: {error.Message}");
    }

    /// <summary>A shell line, or a list of words.</summary>
    private static TextError? ReadCommand(ref Utf8JsonReader reader, SubmitRequest request)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var line = JsonTexts.Scalar(ref reader);
            request.Spec.Command = line.Value ?? "";
            return line.Error;
        }
        var words = JsonTexts.Scalars(ref reader);
        if (words.Ok)
            CommandLine.SetArgv(request.Spec, words.Value);
        return words.Error;
    }

    private TextError? ReadTexts(
        JobAttribute attribute,
        ref Utf8JsonReader reader,
        SubmitRequest request
    )
    {
        var texts = attribute.Kind switch
        {
            AttributeKind.Texts => JsonTexts.Scalars(ref reader),
            AttributeKind.Pairs => JsonTexts.Pairs(ref reader),
            _ => JsonTexts.Single(ref reader),
        };
        var error = texts.Error;
        foreach (var text in texts.Value ?? [])
            error ??= attribute.Value.Put(request, text, from);
        return error;
    }

    /// <summary>Reads a content, or an object whose members are scalars and contents.</summary>
    private TextError? ReadContents(
        JobAttribute attribute,
        SetContent put,
        ref Utf8JsonReader reader,
        SubmitRequest request
    )
    {
        if (attribute.Kind != AttributeKind.Pairs)
            return Put("", JsonContents.Read(ref reader));
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Text(ref reader);
            reader.Read();
            var wrong =
                reader.TokenType == JsonTokenType.StartObject
                    ? Put(name.Value ?? "", JsonContents.Read(ref reader))
                    : PutText(name.Value ?? "", JsonTexts.Scalar(ref reader));
            error ??= name.Error ?? wrong;
        }
        return error;

        TextError? Put(string name, Parsed<NamedContent> content) =>
            content.Ok ? put(request, name, content.Value) : content.Error;

        TextError? PutText(string name, Parsed<string> text) =>
            !text.Ok ? JsonTexts.Of(name, text.Error)
            : JsonTexts.Pair(name, text.Value) is { Ok: true, Value: var pair }
                ? attribute.Value.Put(request, pair, from)
            : JsonTexts.Pair(name, text.Value).Error;
    }

    /// <summary>Reads the lists as JSON, since a command-line text cannot express every
    /// value.</summary>
    private TextError? ReadColumns(ref Utf8JsonReader reader, SubmitRequest request)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return JsonTexts.Lists(ref reader).Error;
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Text(ref reader);
            reader.Read();
            var column = new MapColumn { Name = name.Value ?? "", List = new ValueList() };
            var wrong = ReadValues(ref reader, column);
            error ??= name.Error ?? wrong;
            request.Columns.Add(column);
        }
        return error;
    }

    private TextError? ReadValues(ref Utf8JsonReader reader, MapColumn column)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return ReadValue(ref reader, column);
        TextError? error = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var wrong = ReadValue(ref reader, column);
            error ??= wrong;
        }
        return error;
    }

    private TextError? ReadValue(ref Utf8JsonReader reader, MapColumn column)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var content = JsonContents.Read(ref reader);
            if (!content.Ok)
                return JsonTexts.Of(column.Name, content.Error);
            MapSources.AddValue(column, content.Value);
            return null;
        }
        var text = JsonTexts.Scalar(ref reader);
        return text.Ok
            ? MapSources.AddValue(column, text.Value, path => from.Send(path))
            : JsonTexts.Of(column.Name, text.Error);
    }

    private static TextError Named(
        JobAttribute attribute,
        ref Utf8JsonReader reader,
        TextError error
    ) => Error(ref reader, $"{Name(attribute)}: {error.Message}");

    private static TextError Skipped(ref Utf8JsonReader reader, string message)
    {
        var error = Error(ref reader, message);
        reader.Skip();
        return error;
    }

    private static string Name(JobAttribute attribute) => attribute.Member;

    private static TextError Error(ref Utf8JsonReader reader, string message) =>
        new((int)reader.TokenStartIndex, 0, message);
}
