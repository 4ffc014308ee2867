using System.Net;
using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The door for other machines (<c>jobcloud.gateway.tcp</c>).</summary>
internal sealed record TcpSettings
{
    private const string Off = "off";

    /// <summary>Null: it is closed.</summary>
    public required IPEndPoint? Address { get; init; }
    public required int ConnectionsMax { get; init; }
    public required TimeSpan HandshakeWithin { get; init; }
    public required TimeSpan RequestWithin { get; init; }
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>How long a token that was revoked on another node is still believed, and one that
    /// was revoked anywhere by the calls that it opened before.</summary>
    public required TimeSpan TokenAge { get; init; }

    internal static TcpSettings Read(SettingsReader read)
    {
        read.Section(
            "jobcloud.gateway.tcp",
            "The door for other machines: gRPC over TLS, for holders of a token (`jobcloud token create`). "
                + "It shows the node's certificate."
        );
        return new()
        {
            Address = AddressOf(
                read.Text(
                    "jobcloud.gateway.tcp.address",
                    Off,
                    "off, or IP:PORT, such as 0.0.0.0:8443.",
                    "off, or IP:PORT such as 0.0.0.0:8443",
                    static text => text == Off || AddressOf(text) is not null
                )
            ),
            ConnectionsMax = read.Count(
                "jobcloud.gateway.tcp.connections-max",
                1000,
                "Connections at once; further ones are closed unheard."
            ),
            HandshakeWithin = read.Duration(
                "jobcloud.gateway.tcp.handshake-within",
                "5s",
                "A connection must have ended its TLS handshake within this.",
                least: "100ms"
            ),
            RequestWithin = read.Duration(
                "jobcloud.gateway.tcp.request-within",
                "10s",
                "The headers of a request must be there within this of its first byte.",
                least: "1s"
            ),
            IdleLimit = read.Duration(
                "jobcloud.gateway.tcp.idle-limit",
                "2m",
                "A connection without a request is closed after this; a client that went without a word is "
                    + "found out by then.",
                least: "2s"
            ),
            TokenAge = read.Duration(
                "jobcloud.gateway.tcp.token-age",
                "2s",
                "A token that was revoked on another node opens this one's door for so long; calls it "
                    + "opened before, such as logs -f, are cut off within twice that.",
                least: "100ms"
            ),
        };
    }

    private static IPEndPoint? AddressOf(string text) =>
        IPEndPoint.TryParse(text, out var address) && text.Contains(':') && text != Off
            ? address
            : null;
}
