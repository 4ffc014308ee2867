using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>Validates JSON by the keywords that the schema of the public JSON uses. A member that
/// the schema does not name is an error.</summary>
internal sealed class SchemaCheck(JsonObject schema)
{
    /// <summary>The first error; null: the value is valid.</summary>
    public string? Error(JsonNode? value, string definition) =>
        Error(value, schema["$defs"]![definition]!.AsObject(), definition);

    private string? Error(JsonNode? value, JsonObject rule, string at)
    {
        if (rule["$ref"] is { } reference)
            return Error(value, reference.GetValue<string>()["#/$defs/".Length..]);
        if (rule["anyOf"] is JsonArray any)
            return any.Any(one => Error(value, one!.AsObject(), at) is null)
                ? null
                : $"{at}: {value?.ToJsonString()} fits none of {any.ToJsonString()}";
        if (rule["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
            return $"{at}: not {constant}";
        if (rule["enum"] is JsonArray words && !words.Any(w => JsonNode.DeepEquals(w, value)))
            return $"{at}: {value} is none of {words.ToJsonString()}";
        if (rule["type"] is { } type && !Fits(TypeOf(value), Types(type)))
            return $"{at}: {value?.ToJsonString() ?? "null"} is not {type.ToJsonString()}";
        if (rule["format"] is not null && value is not null && !IsInstant(value))
            return $"{at}: {value} is no instant in UTC";
        return value switch
        {
            JsonObject members => ErrorIn(members, rule, at),
            JsonArray items when rule["items"] is JsonObject item => items
                .Select((one, i) => Error(one, item, $"{at}[{i}]"))
                .FirstOrDefault(error => error is not null),
            _ => null,
        };
    }

    private string? ErrorIn(JsonObject members, JsonObject rule, string at)
    {
        foreach (var name in rule["required"]?.AsArray() ?? [])
            if (!members.ContainsKey(name!.GetValue<string>()))
                return $"{at}: lacks {name}";
        if (rule.All(one => one.Key is "type" or "description"))
            return null;
        foreach (var (name, value) in members)
        {
            var inner =
                rule["properties"]?[name]
                ?? (rule["patternProperties"] as JsonObject)
                    ?.Where(one => Regex.IsMatch(name, one.Key))
                    .Select(one => one.Value)
                    .FirstOrDefault()
                ?? rule["additionalProperties"];
            var error = inner is JsonObject one
                ? Error(value, one, $"{at}.{name}")
                : $"{at}: unknown member {name}";
            if (error is not null)
                return error;
        }
        return null;
    }

    private static bool Fits(string type, string[] allowed) =>
        allowed.Contains(type) || type == "integer" && allowed.Contains("number");

    private static string[] Types(JsonNode type) =>
        type is JsonArray several
            ? [.. several.Select(one => one!.GetValue<string>())]
            : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => long.TryParse(value.ToJsonString(), out _)
                ? "integer"
                : "number",
            _ => "boolean",
        };

    private static bool IsInstant(JsonNode value) =>
        Regex.IsMatch(value.GetValue<string>(), @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$");
}
