using System.Text.Json;
using System.Text.Json.Nodes;

namespace JobCloud.Protocol.Http;

/// <summary>The schema of the public JSON as a part of an OpenAPI document.</summary>
internal static class DocumentSchemas
{
    private const string Definitions = "$defs";
    private const string Reference = "$ref";

    /// <summary>Writes the schema of each document, by its name.</summary>
    /// <param name="schema">The schema of the public JSON.</param>
    /// <param name="path">Where an OpenAPI document has schemas.</param>
    public static void WriteAll(Utf8JsonWriter json, ReadOnlySpan<byte> schema, string path)
    {
        if (JsonNode.Parse(schema)?[Definitions] is not JsonObject all)
            return;
        foreach (var (name, definition) in all)
        {
            Relocate(definition, path);
            json.WritePropertyName(name);
            definition!.WriteTo(json);
        }
    }

    private static void Relocate(JsonNode? node, string path)
    {
        if (node is JsonArray list)
            foreach (var element in list)
                Relocate(element, path);
        if (node is not JsonObject members)
            return;
        if (members[Reference] is JsonValue value && value.TryGetValue<string>(out var text))
            members[Reference] = path + text[$"#/{Definitions}/".Length..];
        foreach (var (_, member) in members)
            Relocate(member, path);
    }
}
