using System.Net.Sockets;
using JobCloud.Protocol.Access;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Clients of HTTP/2 that send frames without end and read nothing: at each socket that
/// speaks it, they cost little memory and keep nobody waiting.</summary>
public sealed class HttpFloodTests(TcpGatewayFixture gateway) : IClassFixture<TcpGatewayFixture>
{
    private const int Frames = 5_000;
    private const int Connections = 4;
    private const long GrowthMax = 64L << 20;

    /// <summary>A server that takes nothing more for this long has stopped the client.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(1);

    public static IEnumerable<object[]> Attacks =>
        from socket in new[] { "own", "open", "tcp" }
        from flood in HttpFrames.Floods.Keys
        select new object[] { socket, flood };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_flood_of_frames_is_bounded(string socket, string flood)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var open = new List<Stream>();
        try
        {
            for (var i = 0; i < Connections; i++)
                open.Add(await ConnectAsync(socket));
            await Task.WhenAll(open.Select(stream => SendAsync(stream, HttpFrames.Floods[flood])));
            using var client = new PlainClient(gateway.Settings.Socket);
            client.Send(CloudCalls.NodeStatus.With(new()));
            Assert.True((await client.ReceiveAsync()).HasPayload);
            Assert.InRange(
                GC.GetTotalMemory(forceFullCollection: true) - before,
                long.MinValue,
                GrowthMax
            );
        }
        finally
        {
            foreach (var stream in open)
                await stream.DisposeAsync();
        }
    }

    /// <summary>Opens a connection: at the node's own unix socket, at the one for all accounts
    /// (where the node has none: its own), or over TLS.</summary>
    private async Task<Stream> ConnectAsync(string socket) =>
        socket switch
        {
            "own" => await GatewayClient.ConnectAsync(gateway.Settings.Socket, default),
            "open" => await GatewayClient.ConnectAsync(gateway.Settings.SocketOfJobs, default),
            _ => await gateway.TlsAsync(),
        };

    private static async Task SendAsync(Stream stream, Func<int, byte[]> flood)
    {
        var sent = new MemoryStream();
        sent.Write(HttpFrames.Begin);
        try
        {
            for (var i = 0; i < Frames; i++)
            {
                sent.Write(flood(i));
                if (sent.Length < 16 << 10 && i < Frames - 1)
                    continue;
                using var limit = new CancellationTokenSource(StopsWithin);
                await stream.WriteAsync(sent.ToArray(), limit.Token);
                sent.SetLength(0);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The node closed the connection, or takes nothing more.
        }
    }
}
