using System.Text.Json.Serialization;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>How many jobs a change concerned.</summary>
/// <param name="Selected">The number of jobs that were named.</param>
/// <param name="Changed">The number of those that changed.</param>
public sealed record ChangeDocument(long Selected, long Changed) : PublicDocument
{
    /// <summary>A sentence that says why a job was not changed, if another step is
    /// needed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    public static ChangeDocument Of(ChangeReply reply) =>
        new(reply.Selected, reply.Changed) { Note = reply.Note.Length > 0 ? reply.Note : null };
}
