using System.Net;
using Akka.Configuration;

namespace JobCloud.ClusterPort;

/// <summary>The address of the cluster port and its limits (<c>akka.remote.dot-netty.tcp</c>, the
/// section in which Akka.NET expects them).</summary>
/// <param name="Host">The host at which other members reach this one.</param>
/// <param name="BindHost">The host or IP address to listen on.</param>
/// <param name="BindPort">The port to listen on; 0: any free one.</param>
/// <param name="Port">The port at which other members reach this one; null: that one.</param>
/// <param name="FrameMax">Bytes of one message.</param>
/// <param name="ConnectWithin">Time limit of a connection with its handshake.</param>
internal sealed record TransportSettings(
    string Host,
    string BindHost,
    int BindPort,
    int? Port,
    int FrameMax,
    int Backlog,
    TimeSpan ConnectWithin
)
{
    public static TransportSettings Of(Config config)
    {
        var host = config.GetString("hostname", "127.0.0.1");
        var port = config.GetInt("public-port");
        return new TransportSettings(
            config.GetString("public-hostname") is { Length: > 0 } named ? named : host,
            config.GetString("bind-hostname") is { Length: > 0 } bound ? bound : host,
            config.GetInt("port"),
            port > 0 ? port : null,
            checked((int)config.GetByteSize("maximum-frame-size", 128_000)!.Value),
            config.GetInt("backlog", 4096),
            config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(15))
        );
    }

    /// <summary>A host as it stands in an address: IPv6 in brackets.</summary>
    public static string InAddress(string host) =>
        IPAddress.TryParse(host, out var ip) ? InAddress(ip) : host;

    public static string InAddress(IPAddress ip) =>
        ip.ToString() is var text && text.Contains(':') ? $"[{text}]" : text;
}
