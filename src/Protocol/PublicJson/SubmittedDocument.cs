using System.Text.Json.Serialization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The jobs of one submission.</summary>
public sealed record SubmittedDocument : PublicDocument
{
    /// <summary>True after a dry run: nothing was submitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? DryRun { get; init; }

    /// <summary>The jid of the job; not of a map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Jid { get; init; }

    /// <summary>The first jid of a map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? First { get; init; }

    /// <summary>The last jid of a map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Last { get; init; }

    /// <summary>The number of jobs, of a map and after a dry run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>Why no node can run the jobs now: a sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    public static SubmittedDocument Of(SubmitRequest request, SubmitReply reply)
    {
        var note = CapacityNote.Of(reply);
        return request switch
        {
            { DryRun: true } => new()
            {
                DryRun = true,
                Count = Math.Max(1, request.Count),
                Note = note,
            },
            { IsMap: true } => new()
            {
                First = reply.First,
                Last = reply.Last,
                Count = reply.Last - reply.First + 1,
                Note = note,
            },
            _ => new() { Jid = reply.First, Note = note },
        };
    }
}
