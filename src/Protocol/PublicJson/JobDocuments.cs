using System.Text.Json.Serialization;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>A job that has reached a status.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Status">The status that was waited for.</param>
public sealed record ReachedStatusDocument(
    long Jid,
    [property: Form(JsonForm.Status)] string Status
) : PublicDocument
{
    public static ReachedStatusDocument Of(long jid, Status status) =>
        new(jid, StatusNames.Of(status));
}

/// <summary>A port on which a job listens.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Protocol">The transport protocol.</param>
/// <param name="Address">The address for clients.</param>
/// <param name="Port">The port for clients.</param>
public sealed record PortDocument(
    long Jid,
    [property: Form(JsonForm.Transport)] string Protocol,
    string Address,
    int Port
) : PublicDocument
{
    public static PortDocument Of(long jid, JobPort port) =>
        new(jid, PortMessages.Of(port.Transport), port.Address, port.ReachedPort);
}

/// <summary>The output of a job, of one stream.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Attempt">The attempt.</param>
public sealed record OutputDocument(long Jid, int Attempt) : PublicDocument
{
    /// <summary>Its standard output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stdout { get; init; }

    /// <summary>Its standard error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stderr { get; init; }

    /// <summary>Its Python logging and its lines in $JOBCLOUD_LOG.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Logging { get; init; }

    /// <summary>The system and kernel log messages about its processes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Syslog { get; init; }

    /// <summary>With <c>--grep</c>: the number of lines that match.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Matches { get; init; }

    /// <summary>What is missing, and why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <param name="text">Invalid UTF-8 is replaced in it; null: it is not wanted.</param>
    public static OutputDocument Of(
        long jid,
        int attempt,
        OutputStream stream,
        string? text,
        string note
    ) =>
        new(jid, attempt)
        {
            Stdout = stream == OutputStream.Stdout ? text : null,
            Stderr = stream == OutputStream.Stderr ? text : null,
            Logging = stream == OutputStream.Logging ? text : null,
            Syslog = stream == OutputStream.Syslog ? text : null,
            Note = PublicValues.Text(note),
        };
}
