using System.Text.Json.Serialization;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The answer to a request that was refused or that failed.</summary>
public sealed record ErrorDocument : PublicDocument
{
    /// <param name="error">What happened.</param>
    public ErrorDocument(PublicError error) => (Error, Version) = (error, null);

    /// <summary>What happened.</summary>
    public PublicError Error { get; init; }

    public static ErrorDocument Of(Refusal refusal) => new(PublicError.Of(refusal));
}

/// <summary>An error.</summary>
/// <param name="Jid">The job that it is about; null: no single job.</param>
/// <param name="Code">A name for programs.</param>
/// <param name="Message">One sentence: what happened, where, and what to do.</param>
public sealed record PublicError(long? Jid, string Code, string Message)
{
    /// <summary>The last lines of the failed job's stderr.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stderr { get; init; }

    /// <summary>A sentence that names the commands to use next.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }

    public static PublicError Of(Refusal refusal) =>
        new(
            refusal.Jid > 0 ? refusal.Jid : null,
            ErrorKinds.Of(refusal.Code).Code,
            refusal.Message
        );
}
