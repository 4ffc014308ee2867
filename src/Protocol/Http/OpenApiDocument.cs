using System.Buffers;
using System.Globalization;
using System.Text.Json;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Http;

/// <summary>Describes the routes in OpenAPI 3.1.</summary>
public static class OpenApiDocument
{
    private const string SchemaPath = "#/components/schemas/";
    private const string Submission = "SubmissionRequest";

    /// <param name="version">The version of the program.</param>
    /// <param name="schema">The schema of the public JSON.</param>
    public static byte[] Write(string version, ReadOnlySpan<byte> schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = DocumentWriter.New(buffer))
        {
            json.WriteStartObject();
            json.WriteString("openapi", "3.1.0");
            WriteInfo(json, version);
            json.WriteStartObject("paths");
            foreach (var path in HttpRoutes.All.GroupBy(static route => route.Template.Text))
                WritePath(json, path.Key, [.. path]);
            json.WriteEndObject();
            WriteComponents(json, schema);
            json.WriteStartArray("security");
            WriteObject(
                json,
                static inner => inner.WriteStartArray("token"),
                static inner => inner.WriteEndArray()
            );
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteInfo(Utf8JsonWriter json, string version)
    {
        json.WriteStartObject("info");
        json.WriteString("title", "JobCloud");
        json.WriteString("version", version);
        json.WriteString(
            "description",
            "Jobs of a cloud: what 'jobcloud -o json' prints. {jids} is a jid list, such as 3,7-9, last, all or label:night."
        );
        json.WriteEndObject();
    }

    private static void WritePath(Utf8JsonWriter json, string path, IReadOnlyList<HttpRoute> routes)
    {
        json.WriteStartObject(path);
        foreach (var route in routes)
        {
            json.WriteStartObject(route.Method.ToLowerInvariant());
            json.WriteString("operationId", route.Id);
            json.WriteString("summary", route.Summary);
            WriteParameters(json, route);
            if (route.TakesJson)
                WriteBody(json, route);
            else if (route.TakesBytes)
                WriteBytes(json);
            WriteResponses(json, route);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, HttpRoute route)
    {
        json.WriteStartArray("parameters");
        foreach (var name in route.Template.Names)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("in", "path");
            json.WriteBoolean("required", true);
            json.WriteStartObject("schema");
            json.WriteString("type", "string");
            if (name == "stream")
                WriteEnum(json, OutputStreamNames.All);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        foreach (var parameter in route.Query)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("in", "query");
            json.WriteString("description", parameter.Help);
            json.WriteBoolean("required", parameter.IsRequired);
            json.WriteStartObject("schema");
            WriteType(json, parameter);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (route.TakesSubmissions)
        {
            WriteHeader(
                json,
                "Idempotency-Key",
                "a repeated request with it submits nothing twice"
            );
            WriteHeader(
                json,
                TraceContext.Header,
                $"the trace of the request (W3C), which the jobs get as {TraceContext.Variable}"
            );
        }
        if (route.Answers.Contains(MediaTypes.ServerEvents))
            WriteHeader(json, "Last-Event-ID", "the id of the last event that was received");
        json.WriteEndArray();
    }

    private static void WriteHeader(Utf8JsonWriter json, string name, string help)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("in", "header");
        json.WriteString("description", help);
        json.WriteStartObject("schema");
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, HttpParameter parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Flag:
                json.WriteString("type", "boolean");
                break;
            case ParameterKind.Number:
                json.WriteString("type", "integer");
                json.WriteNumber("minimum", parameter.Least);
                json.WriteNumber("maximum", parameter.Most);
                break;
            case ParameterKind.Texts:
                json.WriteString("type", "array");
                json.WriteStartObject("items");
                json.WriteString("type", "string");
                json.WriteEndObject();
                break;
            case ParameterKind.Pairs:
                json.WriteString("type", "object");
                json.WriteStartObject("additionalProperties");
                json.WriteString("type", "string");
                json.WriteEndObject();
                break;
            default:
                json.WriteString("type", "string");
                break;
        }
    }

    private static void WriteBody(Utf8JsonWriter json, HttpRoute route)
    {
        json.WriteStartObject("requestBody");
        json.WriteBoolean("required", true);
        json.WriteStartObject("content");
        json.WriteStartObject(MediaTypes.Json);
        json.WriteStartObject("schema");
        if (route.TakesSubmissions)
        {
            json.WriteStartArray("oneOf");
            WriteObject(json, static inner => inner.WriteString("$ref", SchemaPath + Submission));
            json.WriteStartObject();
            json.WriteString("type", "array");
            json.WriteNumber("minItems", 1);
            json.WriteNumber("maxItems", SubmissionList.Most);
            json.WriteStartObject("items");
            json.WriteString("$ref", SchemaPath + Submission);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
            WriteMembers(json, route.Body);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter json)
    {
        json.WriteStartObject("requestBody");
        json.WriteBoolean("required", true);
        json.WriteStartObject("content");
        json.WriteStartObject(MediaTypes.Bytes);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<HttpParameter> members)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartArray("required");
        foreach (var member in members.Where(static one => one.IsRequired))
            json.WriteStringValue(member.Name);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach (var member in members)
        {
            json.WriteStartObject(member.Name);
            json.WriteString("description", member.Help);
            WriteType(json, member);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteResponses(Utf8JsonWriter json, HttpRoute route)
    {
        json.WriteStartObject("responses");
        json.WriteStartObject(route.Success.ToString(CultureInfo.InvariantCulture));
        json.WriteString("description", "Done.");
        json.WriteStartObject("content");
        foreach (var type in route.Method == "HEAD" ? [] : route.Answers)
        {
            json.WriteStartObject(type);
            if (type == MediaTypes.Json)
                WriteAnswer(json, route);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("default");
        json.WriteString("description", "It was refused, or it failed.");
        if (route.Method == "HEAD")
        {
            json.WriteEndObject();
            json.WriteEndObject();
            return;
        }
        json.WriteStartObject("content");
        json.WriteStartObject(MediaTypes.Json);
        json.WriteStartObject("schema");
        json.WriteString("$ref", SchemaPath + nameof(ErrorDocument));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter json, HttpRoute route)
    {
        json.WriteStartObject("schema");
        switch (route.Documents)
        {
            case []:
                json.WriteString("type", "object");
                break;
            case [var one]:
                json.WriteString("$ref", SchemaPath + one.Name);
                break;
            default:
                // Not oneOf: the members of most documents are optional, so more than one may fit.
                json.WriteStartArray("anyOf");
                foreach (var document in route.Documents)
                    WriteObject(
                        json,
                        inner => inner.WriteString("$ref", SchemaPath + document.Name)
                    );
                json.WriteEndArray();
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter json, ReadOnlySpan<byte> schema)
    {
        json.WriteStartObject("components");
        json.WriteStartObject("schemas");
        DocumentSchemas.WriteAll(json, schema, SchemaPath);
        json.WriteEndObject();
        json.WriteStartObject("securitySchemes");
        json.WriteStartObject("token");
        json.WriteString("type", "http");
        json.WriteString("scheme", "bearer");
        json.WriteString(
            "description",
            "An access token, over TCP. On a unix socket, the kernel names the caller."
        );
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEnum(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray("enum");
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, params Action<Utf8JsonWriter>[] members)
    {
        json.WriteStartObject();
        foreach (var member in members)
            member(json);
        json.WriteEndObject();
    }
}
