using System.Text.Json.Nodes;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>The schema of submissions, by the catalogue of job attributes.</summary>
internal static class SubmissionSchema
{
    private const string Content = "Content";

    public static void AddTo(JsonObject definitions)
    {
        definitions[Content] = ContentSchema();
        definitions["Job"] = Of(SubmissionKind.Job);
        definitions["Map"] = Of(SubmissionKind.Map);
        definitions["SubmissionRequest"] = new JsonObject
        {
            ["description"] = "One submission.",
            ["oneOf"] = new JsonArray(
                Request(SubmissionReader.Exec, "Job"),
                Request(SubmissionReader.MapExec, "Map")
            ),
        };
    }

    private static JsonObject Request(string member, string definition) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [member] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(Type("string"), SchemaWriter.Ref(definition)),
                },
            },
            ["required"] = new JsonArray(member),
            ["additionalProperties"] = false,
        };

    private static JsonObject Of(SubmissionKind kind)
    {
        var properties = new JsonObject
        {
            [JobAttributes.Command.Member] = new JsonObject
            {
                ["description"] = "a shell line, or a list: a program and its arguments",
                ["anyOf"] = new JsonArray(
                    Type("string"),
                    new JsonObject { ["type"] = "array", ["items"] = Scalar() }
                ),
            },
        };
        foreach (var attribute in JobAttributes.All.Where(one => one.IsFor(kind)))
        {
            var schema = Of(attribute);
            schema["description"] = attribute.Help;
            properties[attribute.Member] = schema;
        }
        return new()
        {
            ["description"] = kind == SubmissionKind.Map ? "The jobs of a map." : "One job.",
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray(JobAttributes.Command.Member),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Of(JobAttribute attribute) =>
        attribute.Kind switch
        {
            AttributeKind.Choice => new()
            {
                ["enum"] = new JsonArray([
                    .. attribute.Value.Choices.Select(word => JsonValue.Create(word)),
                ]),
            },
            AttributeKind.Number => Type("integer"),
            AttributeKind.Duration => Types("string", "number"),
            AttributeKind.Flag => Type("boolean"),
            AttributeKind.Texts => ScalarOrList(),
            AttributeKind.Pairs => new()
            {
                ["type"] = "object",
                ["additionalProperties"] = attribute.Value.PutContent is null
                    ? Scalar()
                    : OrContent(Scalar()),
            },
            AttributeKind.Lists => new()
            {
                ["type"] = "object",
                ["additionalProperties"] = OneOrList(OrContent(Scalar())),
            },
            AttributeKind.File when attribute.Value.PutContent is not null => OrContent(
                Type("string")
            ),
            AttributeKind.Text => Scalar(),
            _ => Type("string"),
        };

    private static JsonObject Type(string name) => new() { ["type"] = name };

    private static JsonObject Types(params string[] names) =>
        new() { ["type"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };

    private static JsonObject Scalar() => Types("string", "number", "boolean");

    private static JsonObject ScalarOrList() => OneOrList(Scalar());

    private static JsonObject OneOrList(JsonObject one) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                one.DeepClone(),
                new JsonObject { ["type"] = "array", ["items"] = one }
            ),
        };

    private static JsonObject OrContent(JsonObject other) =>
        new() { ["anyOf"] = new JsonArray(other, SchemaWriter.Ref(Content)) };

    private static JsonObject ContentSchema() =>
        new()
        {
            ["description"] = "A file: the one that was sent with this hash, or its bytes.",
            ["oneOf"] = new JsonArray(
                ContentOf(
                    (JsonContents.Sha256, Type("string")),
                    (JsonContents.Size, Type("integer"))
                ),
                ContentOf((JsonContents.Text, Type("string"))),
                ContentOf((JsonContents.Base64, Type("string")))
            ),
        };

    private static JsonObject ContentOf(params (string Name, JsonObject Schema)[] members) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject([
                .. members.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Schema)),
                KeyValuePair.Create(JsonContents.Name, (JsonNode?)Type("string")),
            ]),
            ["required"] = new JsonArray([
                .. members.Select(one => (JsonNode?)JsonValue.Create(one.Name)),
            ]),
            ["additionalProperties"] = false,
        };
}
