using System.Net;
using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The door for other machines (<c>jobcloud.gateway.tcp</c>).</summary>
/// <param name="Address">Null: it is closed.</param>
/// <param name="ConnectionsMax">At once; further ones are closed unheard.</param>
/// <param name="HandshakeWithin">From the connection to the end of its TLS handshake.</param>
/// <param name="RequestWithin">From a request's first byte to the end of its headers.</param>
/// <param name="IdleLimit">A connection without a request.</param>
/// <param name="TokenAge">How long a token that was revoked on another node is still believed, and one
/// that was revoked anywhere by the calls that it opened before.</param>
public sealed record TcpSettings(
    IPEndPoint? Address,
    int ConnectionsMax,
    TimeSpan HandshakeWithin,
    TimeSpan RequestWithin,
    TimeSpan IdleLimit,
    TimeSpan TokenAge
)
{
    private const string Off = "off";

    internal static TcpSettings Read(SettingsReader read)
    {
        var address = read.Text(
            "jobcloud.gateway.tcp.address",
            "off, or IP:PORT such as 0.0.0.0:8443",
            static text => text == Off || AddressOf(text) is not null
        );
        return new TcpSettings(
            AddressOf(address),
            read.Count("jobcloud.gateway.tcp.connections-max"),
            Limit("handshake-within", seconds: 0.1),
            Limit("request-within", seconds: 1),
            Limit("idle-limit", seconds: 2),
            Limit("token-age", seconds: 0.1)
        );

        TimeSpan Limit(string name, double seconds) =>
            read.Duration($"jobcloud.gateway.tcp.{name}", TimeSpan.FromSeconds(seconds));
    }

    private static IPEndPoint? AddressOf(string text) =>
        IPEndPoint.TryParse(text, out var address) && text.Contains(':') && text != Off
            ? address
            : null;
}
