using System.Net;
using System.Net.Sockets;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.ClientGateway.Tests;

/// <summary>Clients that an access token admits.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private readonly int _port = FreePort();
    private TestNode _node = null!;
    private string _tokenFile = "";

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartAsync(
            "n1",
            $"--set=jobcloud.gateway.tcp.address=127.0.0.1:{_port}",
            "--set=jobcloud.gateway.tcp.token-age=200ms"
        );
        _tokenFile = Path.Combine(_node.Paths.Home, "token");
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task The_feed_and_the_requests_of_a_client_end_with_its_token()
    {
        await CreateAsync("ann");
        await using var cloud = Client();
        var observer = new FeedObserver(cloud);
        await observer.IsAsync(LinkState.Live);
        _node.Executor.Holds = true;
        var job = await observer.SubmitAsync("true");
        await using var events = cloud
            .StreamAsync(CloudCalls.Events.With(new() { Jobs = Jids(job), Follow = true }), default)
            .GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        await AskAsync(CloudCalls.RevokeToken.With(new() { Name = "ann" }));

        await observer.SeesAsync(
            _ =>
                cloud.Link.State == LinkState.Stale
                && cloud.Link.Why
                    == "The access token ann was revoked; ask an admin for a new one.",
            "the reason"
        );
        while (await events.MoveNextAsync())
            if (events.Current.Refusal is not null)
                break;
        Assert.NotNull(events.Current.Refusal);

        // The user gets a new token.
        await CreateAsync("ann2");
        await observer.IsAsync(LinkState.Live);
    }

    [Fact]
    public async Task A_client_ends_when_its_token_expires()
    {
        await CreateAsync("eve", lifetimeMs: 4_000);
        await using var cloud = Client();
        var observer = new FeedObserver(cloud);
        await observer.SeesAsync(
            _ => cloud.Link.Why.StartsWith("The access token eve has expired"),
            "the reason"
        );
    }

    [Fact]
    public async Task A_client_of_the_unix_socket_needs_no_token()
    {
        await CreateAsync("ann");
        await using var remote = Client();
        await new FeedObserver(remote).IsAsync(LinkState.Live);
        await using var local = _node.Client();
        var observer = new FeedObserver(local);
        await observer.IsAsync(LinkState.Live);

        await AskAsync(CloudCalls.RevokeToken.With(new() { Name = "ann" }));

        await new FeedObserver(remote).IsAsync(LinkState.Stale);
        Assert.Equal(LinkState.Live, local.Link.State);
        Assert.True(await observer.SubmitAsync("true") > 0);
    }

    private ClusterCloud Client() =>
        ClusterCloud.Join(
            new ConnectionOptions(
                _node.Paths,
                new CloudAddress.Remote(new Uri($"https://127.0.0.1:{_port}")),
                _tokenFile,
                "",
                CanAutostart: false
            ),
            AppContext.BaseDirectory,
            new UiLog(null, TimeProvider.System),
            TimeProvider.System
        );

    private async Task CreateAsync(string name, long lifetimeMs = 0)
    {
        var request = new CreateTokenRequest
        {
            Name = name,
            Role = Role.User,
            LifetimeMs = lifetimeMs,
        };
        var reply = await AskAsync(CloudCalls.CreateToken.With(request));
        await File.WriteAllTextAsync(
            _tokenFile,
            CreateTokenReply.Parser.ParseFrom(reply.Payload).Secret
        );
    }

    private async Task<Reply> AskAsync(CallRequest request)
    {
        Reply? last = null;
        await _node.Host.Calls.AnswerAsync(
            request.Envelope(),
            new Identity("root", Role.Admin),
            reply =>
            {
                last = reply;
                return ValueTask.CompletedTask;
            },
            default
        );
        Assert.Null(last!.Refusal);
        return last;
    }

    private static Selection Jids(long jid) =>
        new()
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };

    private static int FreePort()
    {
        using var probe = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
