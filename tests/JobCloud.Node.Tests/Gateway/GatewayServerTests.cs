using System.Text;
using Grpc.Core;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

public sealed class GatewayServerTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private Cloud.CloudClient Cloud => gateway.Client.Cloud;

    [Fact]
    public async Task The_kernel_identifies_the_caller()
    {
        var status = await Cloud.NodeStatusAsync(new NodeStatusRequest());
        Assert.Equal((Environment.UserName, true), (status.Node, status.Ready));
    }

    [Fact]
    public void A_user_without_a_name_gets_its_number() =>
        Assert.Equal("4242424", PeerIdentity.NameOf(4242424));

    [Fact]
    public async Task A_refusal_arrives_complete()
    {
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
            await Cloud.SubmitAsync(Submit("refuse"))
        );
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
        Assert.Equal(ScriptedCalls.Refusal, RefusalOf(e));
    }

    [Theory]
    [InlineData("Submit", MethodType.Unary)]
    [InlineData("Info", MethodType.ServerStreaming)]
    [InlineData("Session", MethodType.DuplexStreaming)]
    [InlineData("Terminal", MethodType.DuplexStreaming)]
    public async Task A_malformed_request_is_a_usage_error(string name, MethodType type)
    {
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        var method = new Method<byte[], byte[]>(type, CloudCalls.Service, name, bytes, bytes);
        gateway.Calls.Terminal = async client => await client.Frames.Input.ReadAsync();
        byte[] malformed = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f];
        var invoker = gateway.Client.Invoker;
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            if (type == MethodType.Unary)
                await invoker.AsyncUnaryCall(method, null, default, malformed);
            else if (type == MethodType.ServerStreaming)
                await invoker
                    .AsyncServerStreamingCall(method, null, default, malformed)
                    .ResponseStream.MoveNext(default);
            else
            {
                using var call = invoker.AsyncDuplexStreamingCall(method, null, default);
                await call.RequestStream.WriteAsync(malformed);
                await call.ResponseStream.MoveNext(default);
            }
        });
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(RefusalCode.Usage, RefusalOf(refused).Code);
    }

    [Fact]
    public async Task A_client_beyond_the_limit_of_connections_gets_the_limit()
    {
        using var home = new TestHome();
        var settings = home.Settings().Gateway;
        await using var server = await Start(settings, connections: 3);
        var clients = new List<PlainClient>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(new PlainClient(settings.Socket));
            clients[i].Send(CloudCalls.NodeStatus.With(new()));
            Assert.True((await clients[i].ReceiveAsync()).HasPayload);
        }
        using (var refused = new PlainClient(settings.Socket))
        {
            refused.Send(CloudCalls.NodeStatus.With(new()));
            var refusal = (await refused.ReceiveAsync()).Refusal;
            Assert.Equal(RefusalCode.NotAllowed, refusal.Code);
            Assert.Contains("too many connections to its socket (at most 3", refusal.Message);
        }
        using (var refused = new GatewayClient(settings.Socket))
            await Assert.ThrowsAsync<RpcException>(async () =>
                await refused.Cloud.NodeStatusAsync(new())
            );
        clients[0].Dispose();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var client = new PlainClient(settings.Socket);
                client.Send(CloudCalls.NodeStatus.With(new()));
                return (await client.ReceiveAsync()).HasPayload;
            },
            "a place is free"
        );
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_stream_can_end_with_a_refusal()
    {
        using var call = Cloud.Events(new EventsRequest());
        Assert.True(await call.ResponseStream.MoveNext(default));
        var e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(ScriptedCalls.Refusal, RefusalOf(e));
    }

    [Fact]
    public async Task Details_of_unexpected_exceptions_are_only_in_the_log()
    {
        using var stream = Cloud.Events(new EventsRequest { Follow = true });
        await stream.ResponseStream.MoveNext(default);
        Func<Task>[] calls =
        [
            async () => await Cloud.SubmitAsync(Submit("throw")),
            () => stream.ResponseStream.MoveNext(default),
            () => Cloud.Await(new AwaitRequest()).ResponseStream.MoveNext(default),
        ];
        foreach (var call in calls)
        {
            var e = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(RefusalCode.Internal, RefusalOf(e).Code);
            Assert.DoesNotContain("secret", e.ToString());
        }
        Assert.Contains("a secret of the inside", gateway.Home.Log.ToString());
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
            await Cloud.SubmitAsync(Submit(new string('x', 65 << 10)))
        );
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public void Only_the_nodes_user_can_open_the_socket()
    {
        var path = gateway.Settings.Socket;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!)
        );
    }

    [Fact]
    public async Task A_socket_with_a_listener_is_not_replaced()
    {
        var e = await Assert.ThrowsAsync<CannotStartException>(() => Start(gateway.Settings));
        Assert.StartsWith($"Another node listens on {gateway.Settings.Socket};", e.Message);
        await Cloud.NodeStatusAsync(new NodeStatusRequest());
    }

    [Fact]
    public async Task A_stale_socket_is_replaced()
    {
        using var home = new TestHome();
        var settings = home.Settings().Gateway;
        Directory.CreateDirectory(Path.GetDirectoryName(settings.Socket)!);
        await File.WriteAllTextAsync(settings.Socket, "");
        await using var server = await Start(settings);
        using var client = new GatewayClient(settings.Socket);
        await client.Cloud.NodeStatusAsync(new NodeStatusRequest());
    }

    [Theory]
    [InlineData("random 1")]
    [InlineData("random 2")]
    [InlineData("preface")]
    [InlineData("preface and random")]
    [InlineData("HTTP/1")]
    [InlineData("huge headers")]
    [InlineData("half a frame")]
    [InlineData("nothing")]
    public async Task Garbage_does_not_affect_other_clients(string kind)
    {
        using var stream = await GatewayClient.ConnectAsync(gateway.Settings.Socket, default);
        try
        {
            await stream.WriteAsync(Garbage(kind));
        }
        catch (IOException)
        {
            // The server closed the connection, as expected.
        }
        var status = await Cloud.NodeStatusAsync(new NodeStatusRequest());
        Assert.Equal(Environment.UserName, status.Node);
    }

    private static byte[] Garbage(string kind)
    {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        var noise = new byte[100_000];
        new Random(kind.Length).NextBytes(noise);
        return kind switch
        {
            "preface" => preface,
            "preface and random" => [.. preface, .. noise],
            "HTTP/1" => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
            // HEADERS frames of 16 KiB in sequence, none of them the last.
            "huge headers" =>
            [
                .. preface,
                .. settings,
                .. Repeat([0, 0x40, 0, 1, 0, 0, 0, 0, 1, .. new byte[0x4000]], 40),
            ],
            "half a frame" => [.. preface, .. settings, 0, 0x10, 0, 0, 1],
            "nothing" => [],
            _ => noise,
        };
    }

    private static IEnumerable<byte> Repeat(byte[] bytes, int times) =>
        Enumerable.Repeat(bytes, times).SelectMany(all => all);

    private Task<GatewayServer> Start(GatewaySettings settings, int connections = 1_000) =>
        GatewayServer.StartAsync(
            settings,
            new ScriptedCalls().Dispatcher(
                new NodeLog(TextWriter.Null, LogLevel.Error, TimeProvider.System)
            ),
            gateway.Home.Peers,
            new OpenConnections(
                "The socket",
                ConnectionLimits.Of(connections, long.MaxValue),
                new NodeLog(TextWriter.Null, LogLevel.Error, TimeProvider.System)
            ),
            CancellationToken.None
        );

    private static SubmitRequest Submit(string command) =>
        new() { Spec = new JobSpec { Command = command } };

    private static Refusal RefusalOf(RpcException e) => RefusalTrailer.Of(e)!;
}
