using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Tls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The door for other machines, over a script.</summary>
public sealed class TcpDoorTests : IAsyncLifetime
{
    private const string Address = "127.0.0.1";

    private readonly TestHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly int _port = FreePort();
    private readonly ScriptedCalls _calls = new();
    private GatewayServer _server = null!;
    private TokensHandler _tokens = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _authority.GiveTo(_home.Path);
        var settings = _home.Settings(
            $"--set=jobcloud.gateway.tcp.address={Address}:{_port}",
            "--set=jobcloud.gateway.tcp.handshake-within=300ms",
            "--set=jobcloud.gateway.tcp.idle-limit=2s",
            "--set=jobcloud.gateway.tcp.connections-max=3",
            "--set=jobcloud.gateway.tcp.token-age=200ms"
        );
        Directory.CreateDirectory(settings.Paths.Store);
        var store = new TokenStore(
            await NodeStore.OpenAsync(settings.Store, settings.Paths, default, default),
            settings.Store.Provider
        );
        var desk = new TokenDesk(TimeProvider.System, settings.Tcp.TokenAge);
        desk.Open(store);
        _tokens = new TokensHandler(store, desk, TimeProvider.System);
        _server = await GatewayServer.StartAsync(
            settings.Gateway,
            _calls.Dispatcher(_home.NodeLog),
            default,
            new TcpDoor(settings.Tcp, settings.Tls.Files!, desk)
        );
        _channel = Channel(_authority);
    }

    [Fact]
    public async Task Who_shows_a_token_is_its_user_in_its_role()
    {
        var secret = await CreateAsync("ann", Role.Admin);
        var told = await Api.TokensAsync(new(), Bearer(secret));
        Assert.Equal(("ann", Role.Admin), (told.Tokens[0].Name, told.Tokens[0].Role));
    }

    [Fact]
    public async Task Who_may_not_is_told_who_may()
    {
        var secret = await CreateAsync("bob", Role.ReadOnly);
        Assert.Contains("only a user or an admin", await RefusedAsync(Bearer(secret)));
        secret = await CreateAsync("cid", Role.User);
        var reply = await Api.SubmitAsync(new() { Count = 3 }, Bearer(secret));
        Assert.Equal(3, reply.First);
    }

    [Fact]
    public async Task Without_a_good_token_nothing_is_answered()
    {
        Assert.Contains("wants a token", await RefusedAsync([]));
        Assert.Contains("not known", await RefusedAsync(Bearer("guess")));
        Assert.Contains("not known", await RefusedAsync(Bearer(TokenRules.Secret(new byte[32]))));
        var secret = await CreateAsync("dan", Role.User);
        var revoked = await _tokens.RevokeAsync(new() { Name = "dan" }, default);
        Assert.True(revoked.Granted);
        Assert.Contains("was revoked", await RefusedAsync(Bearer(secret)));
        secret = await CreateAsync("eve", Role.User, lifetimeMs: 1);
        await Eventually.HoldsAsync(
            async () => await AnswerAsync(Bearer(secret)) is { } why && why.Contains("has expired"),
            "it has expired"
        );
    }

    [Fact]
    public async Task A_token_that_is_revoked_ends_what_it_opened_and_nothing_else()
    {
        var (lost, kept) = (
            await CreateAsync("dan", Role.User),
            await CreateAsync("eve", Role.User)
        );
        _calls.Terminal = async client =>
        {
            client.Frames.Output.WriteFrame(new FromTerminal { Opened = new TerminalOpened() });
            await client.Frames.Output.FlushAsync(client.Gone);
            await Task.Delay(Timeout.Infinite, client.Gone);
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
    public async Task A_name_is_given_again_only_once_its_token_is_worthless()
    {
        await CreateAsync("ann", Role.User);
        var again = await _tokens.CreateAsync(Request("ann", Role.User), Root, default);
        Assert.Contains("already", again.Refusal!.Message);
        await _tokens.RevokeAsync(new() { Name = "ann" }, default);
        await CreateAsync("ann", Role.User);
        Assert.False((await _tokens.RevokeAsync(new() { Name = "zoe" }, default)).Granted);
    }

    [Fact]
    public async Task A_client_that_knows_another_CA_does_not_talk_to_it()
    {
        using var other = new TestAuthority();
        using var wrong = Channel(other);
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new Cloud.CloudClient(wrong).TokensAsync(new())
        );
    }

    [Fact]
    public async Task Strangers_are_cut_off_and_the_door_stays_open()
    {
        for (var i = 0; i < 10; i++)
            await EndsAsync(RandomNumberGenerator.GetBytes(300));
        // One that says nothing, and one that starts a handshake and leaves it.
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
            // It goes no further: it is closed when it was idle for long enough.
            await DrainedAsync(tls);
        }
        Assert.Contains("wants a token", await RefusedAsync([]));
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

    /// <summary>Why a submission is refused.</summary>
    private async Task<string> RefusedAsync(Metadata headers)
    {
        var refusal = await AnswerAsync(headers);
        Assert.NotNull(refusal);
        return refusal;
    }

    /// <summary>Why a submission is refused; null: it is not.</summary>
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

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(Address), _port);
        return client;
    }

    /// <summary>A stranger who sends this is cut off.</summary>
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
            // Cut off hard.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
