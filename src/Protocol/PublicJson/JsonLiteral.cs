using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobCloud.Protocol.PublicJson;

/// <summary>A JSON value that is passed on as it was written.</summary>
[JsonConverter(typeof(JsonLiteralConverter))]
public sealed record JsonLiteral(ReadOnlyMemory<byte> Utf8);

/// <summary>Writes a literal.</summary>
internal sealed class JsonLiteralConverter : JsonConverter<JsonLiteral>
{
    public override void Write(
        Utf8JsonWriter writer,
        JsonLiteral value,
        JsonSerializerOptions options
    ) => writer.WriteRawValue(value.Utf8.Span);

    public override JsonLiteral Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return new JsonLiteral(System.Text.Encoding.UTF8.GetBytes(value.RootElement.GetRawText()));
    }
}
