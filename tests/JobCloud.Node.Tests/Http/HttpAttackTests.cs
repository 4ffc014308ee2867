using System.Net;
using System.Net.Sockets;
using System.Text;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Http;

/// <summary>Clients that mean no good: the node answers others meanwhile and afterwards.</summary>
public sealed class HttpAttackTests(HttpFixture api) : IClassFixture<HttpFixture>
{
    private const int Connections = 10_000;
    private const int Step = 500;

    private string Socket => api.Home.Settings().Gateway.HttpSocket;

    public static TheoryData<string> Junk =>
        [
            "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "GET\r\n\r\nGET\r\n\r\nGET\r\n\r\nGET\r\n\r\n",
            "GET /v1/jobs HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET /v1/jobs HTTP/1.1\r\n\r\n",
            "GET /v1/jobs HTTP/1.1\r\nHost: a b c\r\n\r\n",
            "GET /v1/jobs/%00%ff%zz/../.. HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /v1/jobs HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}\r\n\r\n",
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ];

    [Theory]
    [MemberData(nameof(Junk))]
    public async Task Junk_is_refused(string junk)
    {
        await using var stream = await HttpFixture.ConnectAsync(Socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(junk));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync();
        Assert.True(
            answer is null || answer.StartsWith("HTTP/1.1 4") || answer.StartsWith("HTTP/1.1 5"),
            answer
        );
        await AnswersAsync();
    }

    /// <summary>Its socket speaks HTTP/1.1 only, and says so as HTTP/2 does.</summary>
    [Fact]
    public async Task The_preface_of_http_2_is_refused()
    {
        await using var stream = await HttpFixture.ConnectAsync(Socket);
        await stream.WriteAsync(
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray()
        );
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        const byte GoAway = 7;
        const byte Http11Required = 13;
        Assert.Equal(
            (byte[])[0, 0, 8, GoAway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Http11Required],
            answer.ToArray()
        );
        await AnswersAsync();
    }

    [Fact]
    public async Task Nested_json_is_refused()
    {
        var deep = $"{{\"exec\": {new string('[', 30_000)}";
        using var answer = await api.PostAsync("/v1/jobs", deep);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await AnswersAsync();
    }

    [Fact]
    public async Task A_stalled_client_delays_no_other()
    {
        await using var headers = await HttpFixture.ConnectAsync(Socket);
        await headers.WriteAsync("GET /v1/jo"u8.ToArray());
        await using var body = await HttpFixture.ConnectAsync(Socket);
        await body.WriteAsync(
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray()
        );
        await AnswersAsync();
        using var reader = new StreamReader(body);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Followers_that_leave_free_their_places()
    {
        var jid = await api.SubmitAsync("ann");
        for (var i = 0; i < 200; i++)
        {
            await using var stream = await HttpFixture.ConnectAsync(Socket);
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"GET /v1/jobs/{jid}/wait HTTP/1.1\r\nHost: x\r\n\r\n")
            );
        }
        await AnswersAsync();
        using var waited = await api.Client.GetAsync($"/v1/jobs/{jid}/wait?timeout=0.01s");
        Assert.Equal(HttpStatusCode.GatewayTimeout, waited.StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_connections_are_harmless()
    {
        var open = new Queue<Stream>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                try
                {
                    var stream = await HttpFixture.ConnectAsync(Socket);
                    open.Enqueue(stream);
                    await stream.WriteAsync("GET /healthz HTTP/1.1\r\n"u8.ToArray());
                }
                catch (Exception refused) when (refused is IOException or SocketException)
                {
                    // There is no place for it.
                }
                while (open.Count > Step)
                    await open.Dequeue().DisposeAsync();
                if (i % Step == 0)
                    await AnswersAsync();
            }
        }
        finally
        {
            foreach (var stream in open)
                await stream.DisposeAsync();
        }
        await AnswersAsync();
    }

    private async Task AnswersAsync() =>
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await api.Client.GetAsync("/readyz");
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the node answers"
        );
}
