using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Http;

/// <summary>JSON schemas of the documents and bodies of the routes.</summary>
internal static class DocumentSchemas
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
    };

    /// <summary>Writes the schema of each document that an answer may be, by its name.</summary>
    /// <param name="submission">The name of the schema of a submission.</param>
    public static void WriteAll(Utf8JsonWriter json, string submission)
    {
        var types = HttpRoutes
            .All.SelectMany(static route => route.Documents)
            .Append(typeof(ErrorDocument))
            .Append(typeof(EventDocument))
            .Distinct()
            .OrderBy(static type => type.Name, StringComparer.Ordinal);
        foreach (var type in types)
        {
            json.WritePropertyName(type.Name);
            Of(type).WriteTo(json);
        }
        WriteSubmission(json, submission);
    }

    private static JsonNode Of(Type document) =>
        PublicJsonContext.Default.GetTypeInfo(document)!.GetJsonSchemaAsNode(Options);

    /// <summary>An object with one member, whose members are job attributes.</summary>
    private static void WriteSubmission(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "object");
        json.WriteNumber("minProperties", 1);
        json.WriteNumber("maxProperties", 1);
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        WriteAttributes(json, SubmissionReader.Exec, SubmissionKind.Job);
        WriteAttributes(json, SubmissionReader.MapExec, SubmissionKind.Map);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, string member, SubmissionKind kind)
    {
        json.WriteStartObject(member);
        json.WriteStartArray("type");
        json.WriteStringValue("string");
        json.WriteStringValue("object");
        json.WriteEndArray();
        json.WriteString(
            "description",
            "a shell line, or the attributes; a command is a shell line, or an array of words"
        );
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        json.WriteStartObject(JobAttributes.Command.Member);
        json.WriteEndObject();
        foreach (var attribute in JobAttributes.All.Where(one => one.IsFor(kind)))
        {
            if (attribute == JobAttributes.Command)
                continue;
            json.WriteStartObject(attribute.Member);
            json.WriteString("description", attribute.HelpFor(kind));
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
