using System.Net.Sockets;
using System.Text;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Http;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Testing;
using Microsoft.AspNetCore.Http;

namespace JobCloud.Node.Tests.Http;

/// <summary>A node whose jobs stay queued or processing, and clients of its HTTP API.</summary>
public sealed class HttpFixture : IAsyncLifetime
{
    private NodeHost _node = null!;
    private HttpRouter _router = null!;

    public TestHome Home { get; } = new();

    /// <summary>The admin who runs the tests, at the node's socket.</summary>
    public HttpClient Client { get; private set; } = null!;

    internal Dispatcher Calls => _node.Calls;

    public async Task InitializeAsync()
    {
        var settings = Home.Settings(
            "--set=jobcloud.gateway.max-message-size=64KiB",
            "--set=jobcloud.limits.max-file-size=1MiB"
        );
        _node = await NodeHost.StartAsync(
            settings,
            Home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
        _router = new HttpRouter(
            Calls,
            new BodyReader(1 << 20, 4 << 20),
            new MetricsCollector(new NodeMeters()),
            TimeProvider.System
        );
        Client = ClientOf(settings.Gateway.HttpSocket);
        await Eventually.HoldsAsync(
            async () => (await Client.GetAsync("/readyz")).IsSuccessStatusCode,
            "the node is ready"
        );
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _node.DisposeAsync();
        Home.Dispose();
    }

    public static HttpClient ClientOf(string socket) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancel) => await ConnectAsync(socket, cancel),
            }
        )
        {
            BaseAddress = new Uri("http://jobcloud"),
            Timeout = TimeSpan.FromMinutes(2),
        };

    public static async Task<Stream> ConnectAsync(string socket, CancellationToken cancel = default)
    {
        var connection = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
        return new NetworkStream(connection, ownsSocket: true);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>The status and body of the answer to a caller.</summary>
    internal async Task<(int Status, string Body)> AskAsync(
        string user,
        Role role,
        string method,
        string target,
        string? json = null
    )
    {
        var http = new DefaultHttpContext();
        var parts = target.Split('?', 2);
        (http.Request.Method, http.Request.Path) = (method, parts[0]);
        http.Request.QueryString = new QueryString(parts.Length > 1 ? $"?{parts[1]}" : "");
        if (json is not null)
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            http.Request.Body = new MemoryStream(bytes);
            (http.Request.ContentLength, http.Request.ContentType) = (
                bytes.Length,
                "application/json"
            );
        }
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        await _router.ServeAsync(http, new Identity(user, role));
        await http.Response.BodyWriter.FlushAsync();
        return (http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>Submits a job of a user, and returns its jid.</summary>
    internal async Task<long> SubmitAsync(string user)
    {
        var (status, body) = await AskAsync(
            user,
            Role.User,
            "POST",
            "/v1/jobs",
            """{"exec": {"command": "true", "cores": 1}}"""
        );
        Assert.True(status == 201, body);
        using var document = System.Text.Json.JsonDocument.Parse(body);
        return document.RootElement.GetProperty("jid").GetInt64();
    }
}
