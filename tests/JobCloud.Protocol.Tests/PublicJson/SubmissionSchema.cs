using System.Text.Json.Nodes;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>The schema of submissions, by the catalogue of job attributes.</summary>
internal static class SubmissionSchema
{
    public static void AddTo(JsonObject definitions)
    {
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
                ["additionalProperties"] = Scalar(),
            },
            AttributeKind.Lists => new()
            {
                ["type"] = "object",
                ["additionalProperties"] = ScalarOrList(),
            },
            AttributeKind.Text => Scalar(),
            _ => Type("string"),
        };

    private static JsonObject Type(string name) => new() { ["type"] = name };

    private static JsonObject Types(params string[] names) =>
        new() { ["type"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };

    private static JsonObject Scalar() => Types("string", "number", "boolean");

    private static JsonObject ScalarOrList() =>
        new()
        {
            ["anyOf"] = new JsonArray(
                Scalar(),
                new JsonObject { ["type"] = "array", ["items"] = Scalar() }
            ),
        };
}
