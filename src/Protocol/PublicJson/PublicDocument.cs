using System.Text.Json.Serialization;

namespace JobCloud.Protocol.PublicJson;

/// <summary>A document of the public JSON. A command prints it, an HTTP request is answered with
/// it, and a batch answers with it too, with the request's id in place of the version.</summary>
public abstract record PublicDocument
{
    /// <summary>The version of all documents. A change that adds members keeps it.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the document.</summary>
    [JsonPropertyOrder(-2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Version { get; init; } = CurrentVersion;

    /// <summary>The id of the request in a batch.</summary>
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonLiteral? Id { get; init; }

    /// <summary>The document as the answer to a request of a batch.</summary>
    public PublicDocument AnswerTo(JsonLiteral id) => this with { Version = null, Id = id };
}
