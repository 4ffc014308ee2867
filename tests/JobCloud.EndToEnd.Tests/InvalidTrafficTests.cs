using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Invalid traffic on the endpoints of a node.</summary>
public sealed class InvalidTrafficTests : IAsyncLifetime
{
    private const int Rounds = 8;
    private const int SilentOnes = 100;
    private const int GrowthMax = 48 << 20;
    private const int LinesMax = 100;

    private static readonly byte[][] Greetings =
    [
        RandomNumberGenerator.GetBytes(300),
        RandomNumberGenerator.GetBytes(100_000),
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. RandomNumberGenerator.GetBytes(200)],
        // Excessive lengths of frames: in both byte orders, as varint, and after our own greetings.
        [0xff, 0xff, 0xff, 0x7f, 1, 2, 3],
        [0x7f, 0xff, 0xff, 0xff, 1, 2, 3],
        [0xff, 0xff, 0xff, 0xff, 0x07, 1, 2, 3],
        [.. Protocol.Wire.PlainProtocol.Greeting, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 2, 3],
        [.. Protocol.Wire.PlainProtocol.TerminalGreeting, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 2, 3],
        // A TLS handshake that stops.
        [0x16, 0x03, 0x01],
        [],
    ];

    private readonly Cloud _cloud = new();
    private readonly IPEndPoint _gateway = new(IPAddress.Loopback, FreePort());

    public async Task InitializeAsync()
    {
        await _cloud.OkAsync("ca", "init");
        await _cloud.OkAsync("ca", "node", "n1", "--out", "tls");
    }

    public Task DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task Invalid_traffic_on_any_endpoint_is_harmless()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_cloud.Home, "jobcloud.conf"),
            $"""jobcloud.gateway.tcp.address = "{_gateway}" """
        );
        await _cloud.OkAsync("node", "start");
        var pid = (await _cloud.PidsAsync()).Node;
        EndPoint[] endpoints =
        [
            _gateway,
            await ClusterAsync(),
            new UnixDomainSocketEndPoint(Path.Combine(_cloud.Home, "run", "jobcloud.sock")),
        ];
        // The first round is a warm-up: its one-time allocations are not growth.
        foreach (var endpoint in endpoints)
            await SendGreetingsAsync(endpoint);
        var (memory, lines) = (ResidentBytes(pid), LinesOfLogs());

        var silent = new List<Socket>();
        for (var round = 0; round < Rounds; round++)
            foreach (var endpoint in endpoints)
            {
                await SendGreetingsAsync(endpoint);
                for (var i = 0; i < SilentOnes / Rounds; i++)
                    silent.Add(await ConnectAsync(endpoint));
            }

        Assert.Equal(
            "fine",
            await _cloud.OkAsync("result", await _cloud.ExecAsync("echo", "fine"))
        );
        Assert.Equal(pid, (await _cloud.PidsAsync()).Node);
        Assert.InRange(ResidentBytes(pid) - memory, long.MinValue, GrowthMax);
        Assert.InRange(LinesOfLogs() - lines, 0, LinesMax);
        silent.ForEach(one => one.Dispose());
    }

    /// <summary>Sends each greeting on its own connection and disconnects.</summary>
    private static async Task SendGreetingsAsync(EndPoint endpoint)
    {
        foreach (var greeting in Greetings)
        {
            using var socket = await ConnectAsync(endpoint);
            try
            {
                for (var sent = 0; sent < greeting.Length; )
                    sent += await socket.SendAsync(greeting.AsMemory(sent));
                socket.Shutdown(SocketShutdown.Send);
                using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
                await socket.ReceiveAsync(new byte[4096], limit.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The node closed the connection or did not answer.
            }
        }
    }

    private static async Task<Socket> ConnectAsync(EndPoint endpoint)
    {
        var socket = new Socket(
            endpoint.AddressFamily,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        await socket.ConnectAsync(endpoint);
        return socket;
    }

    private async Task<IPEndPoint> ClusterAsync()
    {
        var status = await _cloud.RunAsync("-o", "json", "node", "status");
        var address = status.Json.GetProperty("address").GetString()!;
        return IPEndPoint.Parse(address[(address.LastIndexOf('@') + 1)..]);
    }

    private static long ResidentBytes(int pid)
    {
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{pid}/status").Single(one => one.StartsWith(Name));
        return 1024 * long.Parse(line[Name.Length..].Replace("kB", ""));
    }

    private int LinesOfLogs() =>
        Directory
            .EnumerateFiles(Path.Combine(_cloud.Home, "log"))
            .Sum(file => File.ReadLines(file).Count());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
