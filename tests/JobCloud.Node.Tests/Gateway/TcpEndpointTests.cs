using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The TCP endpoint with scripted calls.</summary>
public sealed class TcpEndpointTests : IAsyncLifetime
{
    private const string Address = "127.0.0.1";

    private readonly TestHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly int _port = FreePort();
    private readonly ScriptedCalls _calls = new();
    private GatewayServer _server = null!;
    private TokensHandler _tokens = null!;
    private NodeTls _tls = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        var settings = _home.Settings(
            $"--set=jobcloud.gateway.tcp.address={Address}:{_port}",
            "--set=jobcloud.gateway.tcp.handshake-within=300ms",
            "--set=jobcloud.gateway.tcp.idle-limit=2s",
            "--set=jobcloud.gateway.tcp.connections-max=4",
            "--set=jobcloud.gateway.tcp.authenticate-within=2s",
            "--set=jobcloud.gateway.tcp.token-age=200ms"
        );
        Directory.CreateDirectory(settings.Paths.Store);
        var opened = await NodeStore.OpenAsync(settings.Store, settings.Paths, default, default);
        await CreateOldTableAsync(opened);
        var store = new TokenStore(opened, settings.Store.Provider);
        var authenticator = new TokenAuthenticator(TimeProvider.System, settings.Tcp.TokenAge);
        authenticator.SetStore(store);
        _tokens = new TokensHandler(store, authenticator, TimeProvider.System, _ => "");
        _server = await GatewayServer.StartAsync(
            settings.Gateway,
            _calls.Dispatcher(_home.NodeLog),
            _home.Peers,
            _home.Connections(),
            default,
            new TcpEndpoint(
                settings.Tcp,
                _tls = new NodeTls(
                    new TlsFiles(_authority.Issue(CertificateRole.Node), _authority.Trusted),
                    clients: false,
                    _home.NodeLog,
                    TimeProvider.System
                ),
                authenticator,
                _home.Connections(settings.Tcp.ConnectionsMax)
            )
        );
        _channel = Channel(_authority);
    }

    [Fact]
    public async Task A_token_identifies_its_user_and_role()
    {
        var secret = await CreateAsync("ann", Role.Admin);
        var reply = await Api.TokensAsync(new(), Bearer(secret));
        Assert.Equal(("ann", Role.Admin), (reply.Tokens[0].Name, reply.Tokens[0].Role));
    }

    [Fact]
    public async Task A_token_names_the_account_of_its_jobs()
    {
        var request = new CreateTokenRequest
        {
            Name = "ci",
            Role = Role.Admin,
            RunAs = "games",
        };
        var made = await _tokens.CreateAsync(request, new("root", Role.Admin), default);
        Assert.Equal("games", made.Reply!.Token.RunAs);
        await CreateAsync("ann", Role.User);
        var all = (await _tokens.ListAsync(default)).Reply!.Tokens;
        Assert.Equal(["", "games"], all.Select(one => one.RunAs));
        var reply = await Api.TokensAsync(new(), Bearer(made.Reply.Secret));
        Assert.Equal("games", reply.Tokens[0].RunAs);
        request.RunAs = "root";
        var refused = await _tokens.CreateAsync(request, new("root", Role.Admin), default);
        Assert.Contains("not root", refused.Refusal!.Message);
    }

    [Fact]
    public async Task A_caller_without_permission_is_refused_with_the_required_role()
    {
        var secret = await CreateAsync("bob", Role.ReadOnly);
        Assert.Contains("only a user or an admin", await RefusedAsync(Bearer(secret)));
        secret = await CreateAsync("cid", Role.User);
        var reply = await Api.SubmitAsync(new() { Count = 3 }, Bearer(secret));
        Assert.Equal(3, reply.First);
    }

    [Fact]
    public async Task Requests_without_a_valid_token_are_refused()
    {
        Assert.Contains("requires an access token", await RefusedAsync([]));
        Assert.Contains("Unknown access token", await RefusedAsync(Bearer("guess")));
        Assert.Contains(
            "Unknown access token",
            await RefusedAsync(Bearer(AccessTokenRules.Secret(new byte[32])))
        );
        var secret = await CreateAsync("dan", Role.User);
        var revoked = await _tokens.RevokeAsync(new() { Name = "dan" }, default);
        Assert.True(revoked.IsGranted);
        Assert.Contains("was revoked", await RefusedAsync(Bearer(secret)));
        secret = await CreateAsync("eve", Role.User, lifetimeMs: 1);
        await Eventually.HoldsAsync(
            async () => await AnswerAsync(Bearer(secret)) is { } why && why.Contains("has expired"),
            "it has expired"
        );
    }

    [Fact]
    public async Task The_endpoint_speaks_TLS_1_3_only()
    {
        await HoldsAsync(
            async () => (await HandshakeAsync()).Version == SslProtocols.Tls13,
            "the newest version is used"
        );
        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(SslProtocols.Tls12));
    }

    [Fact]
    public async Task Revoking_a_token_ends_only_its_own_calls()
    {
        var (lost, kept) = (
            await CreateAsync("dan", Role.User),
            await CreateAsync("eve", Role.User)
        );
        _calls.Terminal = async client =>
        {
            client.Frames.Output.WriteFrame(new FromTerminal { Opened = new TerminalOpened() });
            await client.Frames.Output.FlushAsync(client.Disconnected);
            await Task.Delay(Timeout.Infinite, client.Disconnected);
        };
        using var output = Api.Output(new() { Follow = true }, Bearer(lost));
        using var terminal = Api.Terminal(Bearer(lost));
        using var session = Api.Session(Bearer(lost));
        using var waiting = Api.SubmitAsync(
            new() { Spec = new JobSpec { Command = "wait" } },
            Bearer(lost)
        );
        using var others = Api.Output(new() { Follow = true }, Bearer(kept));
        await session.RequestStream.WriteAsync(CloudCalls.Submit.With(new()).Envelope());
        Assert.True(await output.ResponseStream.MoveNext());
        Assert.True(await terminal.ResponseStream.MoveNext());
        Assert.True(await session.ResponseStream.MoveNext());
        Assert.True(await others.ResponseStream.MoveNext());

        await _tokens.RevokeAsync(new() { Name = "dan" }, default);

        var within = TimeSpan.FromSeconds(10);
        foreach (
            var end in (Task[])
                [
                    output.ResponseStream.MoveNext(),
                    terminal.ResponseStream.MoveNext(),
                    session.ResponseStream.MoveNext(),
                    waiting.ResponseAsync,
                ]
        )
            Assert.Contains(
                "dan was revoked",
                WhyOf(await Assert.ThrowsAsync<RpcException>(() => end.WaitAsync(within)))
            );
        _calls.Gate.SetResult();
        Assert.False(await others.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_token_name_is_reusable_only_after_revocation()
    {
        await CreateAsync("ann", Role.User);
        var again = await _tokens.CreateAsync(Request("ann", Role.User), Root, default);
        Assert.Contains("already", again.Refusal!.Message);
        await _tokens.RevokeAsync(new() { Name = "ann" }, default);
        await CreateAsync("ann", Role.User);
        Assert.False((await _tokens.RevokeAsync(new() { Name = "zoe" }, default)).IsGranted);
    }

    [Fact]
    public async Task A_client_that_trusts_another_CA_cannot_connect()
    {
        using var other = new TestAuthority();
        using var wrong = Channel(other);
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new Cloud.CloudClient(wrong).TokensAsync(new())
        );
    }

    [Fact]
    public async Task Connections_of_strangers_shut_no_client_out()
    {
        var secret = await CreateAsync("ann", Role.User);
        Assert.Null(await AnswerAsync(Bearer(secret)));
        var idle = new List<TcpClient>();
        for (var i = 0; i < 50; i++)
            idle.Add(await ConnectAsync());
        // Both the open connection and a new one serve the client.
        Assert.Null(await AnswerAsync(Bearer(secret)));
        using var other = Channel(_authority);
        var reply = await new Cloud.CloudClient(other).SubmitAsync(
            new() { Count = 1 },
            Bearer(secret)
        );
        Assert.Equal(1, reply.Last);
        // All but the newest were closed at once, long before a time limit.
        foreach (var one in idle.SkipLast(1))
            await DrainedAsync(one.GetStream());
        Assert.Contains("closed the oldest connection", $"{_home.Log}");
        idle.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task Unauthenticated_connections_are_closed_and_others_still_work()
    {
        for (var i = 0; i < 10; i++)
            await EndsAsync(RandomNumberGenerator.GetBytes(300));
        // One that sends nothing, and one that only starts a handshake.
        await EndsAsync([]);
        await EndsAsync([0x16, 0x03]);
        using (var halfway = await ConnectAsync())
        {
            var tls = new SslStream(halfway.GetStream(), false, (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = Address,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                }
            );
            // It sends no request with a valid token and is closed soon.
            await DrainedAsync(tls);
        }
        Assert.Contains("requires an access token", await RefusedAsync([]));
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        _authority.Dispose();
        _home.Dispose();
    }

    private static Identity Root => new("root", Role.Admin);

    private Cloud.CloudClient Api => new(_channel);

    private static Metadata Bearer(string secret) =>
        new() { { "authorization", $"Bearer {secret}" } };

    private static CreateTokenRequest Request(string name, Role role, long lifetimeMs = 0) =>
        new()
        {
            Name = name,
            Role = role,
            LifetimeMs = lifetimeMs,
        };

    private async Task<string> CreateAsync(string name, Role role, long lifetimeMs = 0) =>
        (await _tokens.CreateAsync(Request(name, role, lifetimeMs), Root, default)).Reply!.Secret;

    /// <summary>Returns the message of a refused submission.</summary>
    private async Task<string> RefusedAsync(Metadata headers)
    {
        var refusal = await AnswerAsync(headers);
        Assert.NotNull(refusal);
        return refusal;
    }

    /// <summary>Returns the message of a refused submission, or null if it is accepted.</summary>
    private async Task<string?> AnswerAsync(Metadata headers)
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

    private static string WhyOf(RpcException refused)
    {
        var refusal = RefusalTrailer.Of(refused);
        Assert.NotNull(refusal);
        return refusal.Message;
    }

    private GrpcChannel Channel(TestAuthority trusted) =>
        GrpcChannel.ForAddress(
            $"https://{Address}:{_port}",
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

    [Fact]
    public async Task A_new_connection_gets_the_renewed_certificate()
    {
        var renewed = _authority.Issue(CertificateRole.Node);
        await HoldsAsync(
            async () => (await HandshakeAsync()).Thumbprint != renewed.Thumbprint,
            "the first certificate is presented"
        );
        _tls.Use(new TlsFiles(renewed, _authority.Trusted));
        await HoldsAsync(
            async () => (await HandshakeAsync()).Thumbprint == renewed.Thumbprint,
            "the renewed certificate is presented"
        );
    }

    [Fact]
    public async Task A_client_is_told_that_the_nodes_certificate_has_expired()
    {
        using var home = new TestHome();
        _authority.GiveTo(home.Path, until: -1, name: "n7");
        var paths = new HomePaths(home.Path);
        _tls.Use(
            new TlsFiles(
                X509Certificate2.CreateFromPemFile(paths.TlsCertificate, paths.TlsKey),
                _authority.Trusted
            )
        );
        using var channel = GrpcChannel.ForAddress(
            $"https://{Address}:{_port}",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    SslOptions = CertificateCheck.ServerTrust(
                        _authority.Trusted,
                        TimeProvider.System
                    ),
                },
            }
        );
        var told = "";
        await HoldsAsync(
            async () =>
            {
                var failure = await Assert.ThrowsAsync<RpcException>(async () =>
                    await new Protocol.Api.Cloud.CloudClient(channel).TokensAsync(new())
                );
                told = ExpiredCertificateException.In(failure.Status.DebugException)?.Message ?? "";
                return told.Length > 0;
            },
            "the client is told"
        );
        Assert.StartsWith("The certificate of node n7 expired on ", told);
        Assert.EndsWith("renew it with 'jobcloud ca node n7 --renew'.", told);
    }

    /// <summary>The TLS version and the certificate of a new connection.</summary>
    private async Task<(SslProtocols Version, string Thumbprint)> HandshakeAsync(
        SslProtocols offered = SslProtocols.None
    )
    {
        using var client = await ConnectAsync();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address,
                EnabledSslProtocols = offered,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                CertificateChainPolicy = CertificateCheck.Policy(_authority.Trusted),
            }
        );
        return (tls.SslProtocol, ((X509Certificate2)tls.RemoteCertificate!).Thumbprint);
    }

    /// <summary>A busy machine may exceed the short time limit of handshakes: tries
    /// again.</summary>
    private static Task HoldsAsync(Func<Task<bool>> condition, string what) =>
        Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return await condition();
                }
                catch (IOException)
                {
                    return false;
                }
            },
            what,
            TimeSpan.FromMinutes(1)
        );

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(Address), _port);
        return client;
    }

    /// <summary>Sends bytes and expects the connection to be closed.</summary>
    private async Task EndsAsync(byte[] junk)
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(junk);
        await DrainedAsync(client.GetStream());
    }

    private static async Task DrainedAsync(Stream stream)
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

    /// <summary>Creates the table of tokens as version 0.1.0 did.</summary>
    private static async Task CreateOldTableAsync(NodeStore store)
    {
        await using var connection = await store.ConnectAsync(default);
        await using var create = connection.CreateCommand();
        create.CommandText = """
            CREATE TABLE tokens (
                name TEXT PRIMARY KEY,
                hash TEXT NOT NULL,
                holder TEXT NOT NULL,
                role INTEGER NOT NULL,
                created BIGINT NOT NULL,
                creator TEXT NOT NULL,
                expires BIGINT NOT NULL,
                revoked BIGINT NOT NULL
            )
            """;
        await create.ExecuteNonQueryAsync(default);
    }
}
