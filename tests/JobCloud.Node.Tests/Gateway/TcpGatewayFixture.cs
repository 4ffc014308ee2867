using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Certificates;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>A gateway with scripted calls at a unix socket and a TCP endpoint, and the secret of a
/// token.</summary>
public sealed class TcpGatewayFixture : IAsyncLifetime
{
    private readonly TestHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly IPEndPoint _address = new(IPAddress.Loopback, FreePort());
    private GatewayServer _server = null!;
    private NodeTls _tls = null!;

    public string Secret { get; private set; } = "";
    internal GatewaySettings Settings { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var settings = _home.Settings($"--set=jobcloud.gateway.tcp.address={_address}");
        Directory.CreateDirectory(settings.Paths.Store);
        var store = new TokenStore(
            await NodeStore.OpenAsync(settings.Store, settings.Paths, default, default)
        );
        var authenticator = new TokenAuthenticator(TimeProvider.System, settings.Tcp.TokenAge);
        authenticator.SetStore(store);
        Settings = settings.Gateway;
        _server = await GatewayServer.StartAsync(
            settings.Gateway,
            new ScriptedCalls().Dispatcher(_home.NodeLog),
            _home.Peers,
            _home.Connections(),
            default,
            new TcpEndpoint(
                settings.Tcp,
                _tls = new NodeTls(
                    new TlsFiles(_authority.Issue(CertificateRole.Node), _authority.Trusted),
                    clients: false,
                    bindsNames: true,
                    _home.NodeLog,
                    TimeProvider.System
                ),
                authenticator,
                _home.Connections()
            )
        );
        var created = await new TokensHandler(
            store,
            authenticator,
            TimeProvider.System,
            _ => ""
        ).CreateAsync(
            new() { Name = "ann", Role = Role.User },
            new Identity("root", Role.Admin),
            default
        );
        Secret = created.Reply!.Secret;
    }

    public async Task<Stream> TcpAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_address);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async Task<Stream> TlsAsync(SslApplicationProtocol? speaks = null)
    {
        var tls = new SslStream(await TcpAsync(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = $"{_address.Address}",
                ApplicationProtocols = [speaks ?? SslApplicationProtocol.Http2],
            }
        );
        return tls;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
        _home.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
