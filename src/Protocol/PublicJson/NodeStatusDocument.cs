using System.Text.Json.Serialization;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The node that answers.</summary>
/// <param name="Node">Its name in the cloud.</param>
/// <param name="Pid">Its process.</param>
public sealed record NodeStatusDocument(string Node, int Pid) : PublicDocument
{
    /// <summary>The process of its executor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExecutorPid { get; init; }

    /// <summary>Its address for other nodes.</summary>
    public required string Address { get; init; }

    /// <summary>The version of its program.</summary>
    public required string NodeVersion { get; init; }

    /// <summary>How long it has run, in whole seconds.</summary>
    public long Uptime { get; init; }

    /// <summary>Where the store is.</summary>
    public required string Store { get; init; }

    /// <summary>Its home, if it is asked on its own machine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Home { get; init; }

    /// <summary>Whether it takes requests.</summary>
    public bool Ready { get; init; }

    /// <summary>When its certificate expires.</summary>
    [Form(JsonForm.Instant)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CertificateUntil { get; init; }

    /// <param name="home">Null: not known.</param>
    /// <param name="now">The current time in µs.</param>
    public static NodeStatusDocument Of(NodeStatusReply status, string? home, long now) =>
        new(status.Node, status.Pid)
        {
            ExecutorPid = status.ExecutorPid > 0 ? status.ExecutorPid : null,
            Address = status.Address,
            NodeVersion = status.Version,
            Uptime = Math.Max(0, (now - status.Started) / 1_000_000),
            Store = status.Store,
            Home = home,
            Ready = status.Ready,
            CertificateUntil = PublicValues.Instant(status.CertificateUntil),
        };
}
