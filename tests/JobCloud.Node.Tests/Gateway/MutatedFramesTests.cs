using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Damaged frames at each socket of a gateway.</summary>
public sealed class MutatedFramesTests(TcpGatewayFixture gateway) : IClassFixture<TcpGatewayFixture>
{
    private const int Sent = 15_000;
    private const int PerConnection = 25;
    private const long GrowthMax = 64L << 20;

    private readonly FrameMutator _mutator = new(seed: 13);

    private static SubmitRequest Submission =>
        new()
        {
            Spec = new JobSpec { Command = "echo {i}", Label = "night" },
            Dependencies = new Selection
            {
                Items = { new SelectionItem { Range = JidRanges.Range(1, 9) } },
            },
        };

    [Fact]
    public async Task Http_frames_at_the_unix_socket_are_harmless() =>
        await HarmlessAsync(
            async () => await GatewayClient.ConnectAsync(gateway.Settings.Socket, default),
            HttpFrames.Begin,
            HttpFrames.Of("Submit", Submission, token: null)
        );

    [Fact]
    public async Task Plain_frames_at_the_unix_socket_are_harmless() =>
        await HarmlessAsync(
            async () => await GatewayClient.ConnectAsync(gateway.Settings.Socket, default),
            [.. PlainProtocol.Greeting],
            [
                PlainClient.FrameOf(CloudCalls.Submit.With(Submission).Envelope(1)),
                PlainClient.FrameOf(CloudCalls.NodeStatus.With(new()).Envelope(2)),
                PlainClient.FrameOf(CloudCalls.Info.With(new() { Items = { "all" } }).Envelope(3)),
            ]
        );

    [Fact]
    public async Task Frames_of_terminals_at_the_unix_socket_are_harmless() =>
        await HarmlessAsync(
            async () => await GatewayClient.ConnectAsync(gateway.Settings.Socket, default),
            [.. PlainProtocol.TerminalGreeting],
            [PlainClient.FrameOf(new ToTerminal { Open = new OpenTerminal { Jid = 7 } })]
        );

    [Fact]
    public async Task Plain_frames_at_the_socket_for_all_accounts_are_harmless() =>
        await HarmlessAsync(
            async () => await GatewayClient.ConnectAsync(gateway.Settings.SocketOfJobs, default),
            [.. PlainProtocol.Greeting],
            [PlainClient.FrameOf(CloudCalls.Submit.With(Submission).Envelope(1))]
        );

    [Fact]
    public async Task Requests_at_the_socket_for_http_are_harmless() =>
        await HarmlessAsync(
            async () => await GatewayClient.ConnectAsync(gateway.Settings.HttpSocket, default),
            [],
            Requests("")
        );

    [Fact]
    public async Task Requests_of_a_user_over_tls_are_harmless() =>
        await HarmlessAsync(
            () => gateway.TlsAsync(SslApplicationProtocol.Http11),
            [],
            Requests($"Authorization: Bearer {gateway.Secret}\r\n")
        );

    [Fact]
    public async Task Http_frames_of_a_stranger_over_tls_are_harmless() =>
        await HarmlessAsync(
            () => gateway.TlsAsync(),
            HttpFrames.Begin,
            HttpFrames.Of("Submit", Submission, token: "")
        );

    [Fact]
    public async Task Http_frames_of_a_user_over_tls_are_harmless() =>
        await HarmlessAsync(
            () => gateway.TlsAsync(),
            HttpFrames.Begin,
            HttpFrames.Of("Submit", Submission, gateway.Secret)
        );

    [Fact]
    public async Task Bytes_instead_of_a_handshake_are_harmless() =>
        await HarmlessAsync(
            gateway.TcpAsync,
            [],
            [
                [0x16, 3, 1, 0, 60, 1, 0, 0, 56, 3, 3, .. new byte[53]],
                "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
            ]
        );

    /// <summary>Requests of HTTP/1.1 (RFC 9112).</summary>
    private static IReadOnlyList<byte[]> Requests(string header)
    {
        const string body = """{"exec": "true", "label": "night"}""";
        string[] requests =
        [
            $"GET /v1/jobs?limit=3 HTTP/1.1\r\nHost: x\r\n{header}\r\n",
            $"GET /v1/jobs/7/wait?timeout=0s HTTP/1.1\r\nHost: x\r\n{header}\r\n",
            $"POST /v1/jobs HTTP/1.1\r\nHost: x\r\n{header}Content-Type: application/json\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n{body}",
            $"POST /v1/jobs HTTP/1.1\r\nHost: x\r\n{header}Content-Type: application/json\r\n"
                + $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n",
        ];
        return [.. requests.Select(Encoding.ASCII.GetBytes)];
    }

    private async Task HarmlessAsync(
        Func<Task<Stream>> connect,
        byte[] begin,
        IReadOnlyList<byte[]> valid
    )
    {
        // A warm-up: its one-time allocations are not growth.
        await SendAsync(connect, begin, valid);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var sent = 0; sent < Sent; sent += PerConnection)
            await SendAsync(connect, begin, valid);
        using var client = new PlainClient(gateway.Settings.Socket);
        client.Send(CloudCalls.NodeStatus.With(new()));
        Assert.True((await client.ReceiveAsync()).HasPayload);
        Assert.InRange(
            GC.GetTotalMemory(forceFullCollection: true) - before,
            long.MinValue,
            GrowthMax
        );
    }

    private async Task SendAsync(
        Func<Task<Stream>> connect,
        byte[] begin,
        IReadOnlyList<byte[]> valid
    )
    {
        await using var stream = await connect();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await stream.WriteAsync(begin, limit.Token);
            for (var i = 0; i < PerConnection; i++)
                await stream.WriteAsync(_mutator.Mutate(_mutator.Pick(valid)), limit.Token);
            if (stream is SslStream tls)
                await tls.ShutdownAsync();
            else
                ((NetworkStream)stream).Socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
                continue;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The node closed the connection.
        }
    }
}
