using System.Net;
using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Settings of the TCP endpoint (<c>jobcloud.gateway.tcp</c>).</summary>
internal sealed record TcpSettings
{
    private const string Off = "off";

    /// <summary>Null if the endpoint is off.</summary>
    public required IPEndPoint? Address { get; init; }
    public required int ConnectionsMax { get; init; }
    public required TimeSpan HandshakeWithin { get; init; }

    /// <summary>Time until a connection has sent a request with a valid token.</summary>
    public required TimeSpan AuthenticateWithin { get; init; }
    public required TimeSpan RequestWithin { get; init; }
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>Time that this node still accepts an access token revoked on another node. Calls
    /// started with a token end within twice this after it is revoked on any node.</summary>
    public required TimeSpan TokenAge { get; init; }

    internal static TcpSettings Read(SettingsReader read)
    {
        read.Section(
            "jobcloud.gateway.tcp",
            "The endpoint for other machines: gRPC over TLS, with an access token (`jobcloud token create`). "
                + "It presents the node's certificate."
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
                "Maximum number of connections, or fewer if the limit of open files is lower. Clients "
                    + "without a valid token get at most a quarter of them, one address an eighth; new "
                    + "ones replace the oldest of these. Users who are not admins get at most three "
                    + "quarters, one user half."
            ),
            HandshakeWithin = read.Duration(
                "jobcloud.gateway.tcp.handshake-within",
                "5s",
                "Time limit for the TLS handshake.",
                least: "100ms"
            ),
            AuthenticateWithin = read.Duration(
                "jobcloud.gateway.tcp.authenticate-within",
                "10s",
                "A connection is closed unless it sends a request with a valid token within this "
                    + "time.",
                least: "100ms"
            ),
            RequestWithin = read.Duration(
                "jobcloud.gateway.tcp.request-within",
                "10s",
                "Time limit for receiving the headers of a request, from its first byte.",
                least: "1s"
            ),
            IdleLimit = read.Duration(
                "jobcloud.gateway.tcp.idle-limit",
                "2m",
                "A connection without requests is closed after this; a client that disappeared is "
                    + "detected by then.",
                least: "2s"
            ),
            TokenAge = read.Duration(
                "jobcloud.gateway.tcp.token-age",
                "2s",
                "How long this node may still accept a token that was revoked on another node; open "
                    + "calls, such as logs -f, are cancelled within twice that time.",
                least: "100ms"
            ),
        };
    }

    private static IPEndPoint? AddressOf(string text) =>
        IPEndPoint.TryParse(text, out var address) && text.Contains(':') && text != Off
            ? address
            : null;
}
