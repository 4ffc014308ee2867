using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Base class for tests of the TCP endpoint with scripted calls.</summary>
public abstract class TcpEndpointTest : IAsyncLifetime
{
    protected const string Address = "127.0.0.1";

    private readonly string[] _limits;
    private GatewayServer _server = null!;
    private GrpcChannel _channel = null!;

    /// <param name="limits">Time limits, which a busy machine may exceed.</param>
    protected TcpEndpointTest(params string[] limits) => _limits = limits;

    protected int Port { get; } = FreePort();
    protected TestAuthority Authority { get; } = new();
    private protected TestHome Home { get; } = new();
    private protected ScriptedCalls Calls { get; } = new();
    private protected TokensHandler Tokens { get; private set; } = null!;
    private protected NodeTls Tls { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var settings = Home.Settings([
            $"--set=jobcloud.gateway.tcp.address={Address}:{Port}",
            "--set=jobcloud.gateway.tcp.connections-max=4",
            "--set=jobcloud.gateway.tcp.token-age=200ms",
            .. _limits.Select(limit => $"--set=jobcloud.gateway.tcp.{limit}"),
        ]);
        Directory.CreateDirectory(settings.Paths.Store);
        var opened = await NodeStore.OpenAsync(settings.Store, settings.Paths, default, default);
        var store = new TokenStore(opened);
        var authenticator = new TokenAuthenticator(TimeProvider.System, settings.Tcp.TokenAge);
        authenticator.SetStore(store);
        Tokens = new TokensHandler(store, authenticator, TimeProvider.System, _ => "");
        _server = await GatewayServer.StartAsync(
            settings.Gateway,
            Calls.Dispatcher(Home.NodeLog),
            Home.Peers,
            Home.Connections(),
            default,
            new TcpEndpoint(
                settings.Tcp,
                Tls = new NodeTls(
                    new TlsFiles(Authority.Issue(CertificateRole.Node), Authority.Trusted),
                    clients: false,
                    bindsNames: true,
                    Home.NodeLog,
                    TimeProvider.System
                ),
                authenticator,
                Home.Connections(settings.Tcp.ConnectionsMax)
            )
        );
        _channel = Channel(Authority);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        Authority.Dispose();
        Home.Dispose();
    }

    private protected static Identity Root => new("root", Role.Admin);

    protected Cloud.CloudClient Api => new(_channel);

    protected static Metadata Bearer(string secret) =>
        new() { { "authorization", $"Bearer {secret}" } };

    protected static CreateTokenRequest Request(string name, Role role, long lifetimeMs = 0) =>
        new()
        {
            Name = name,
            Role = role,
            LifetimeMs = lifetimeMs,
        };

    protected async Task<string> CreateAsync(string name, Role role, long lifetimeMs = 0) =>
        (await Tokens.CreateAsync(Request(name, role, lifetimeMs), Root, default)).Reply!.Secret;

    /// <summary>Returns the message of a refused submission.</summary>
    protected async Task<string> RefusedAsync(Metadata headers)
    {
        var refusal = await AnswerAsync(headers);
        Assert.NotNull(refusal);
        return refusal;
    }

    /// <summary>Returns the message of a refused submission, or null if it is accepted.</summary>
    protected async Task<string?> AnswerAsync(Metadata headers)
    {
        try
        {
            await Api.SubmitAsync(new() { Count = 1 }, headers);
            return null;
        }
        catch (RpcException refused)
        {
            return WhyOf(refused);
        }
    }

    protected static string WhyOf(RpcException refused)
    {
        var refusal = RefusalTrailer.Of(refused);
        Assert.NotNull(refusal);
        return refusal.Message;
    }

    protected GrpcChannel Channel(TestAuthority trusted) =>
        GrpcChannel.ForAddress(
            $"https://{Address}:{Port}",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    SslOptions = new SslClientAuthenticationOptions
                    {
                        CertificateChainPolicy = CertificateCheck.Policy(trusted.Trusted),
                    },
                },
            }
        );

    protected async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(Address), Port);
        return client;
    }

    protected static async Task DrainedAsync(Stream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0) { }
        }
        catch (IOException)
        {
            // The connection was reset.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
