using System.Runtime.CompilerServices;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

public sealed class PlainSessionsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Requests_are_answered_one_after_another_with_their_tags()
    {
        using var client = Client();
        for (ulong tag = 1; tag <= 3; tag++)
        {
            client.Send(CloudCalls.Nodes.With(new()), tag);
            var reply = await client.ReceiveAsync();
            Assert.Equal((tag, true, true), (reply.Tag, reply.HasPayload, reply.End));
        }
    }

    [Fact]
    public async Task A_refused_request_leaves_its_connection_open()
    {
        using var client = Client();
        client.Send(new Request { Tag = 1 });
        Assert.Equal(RefusalCode.NotSupported, (await client.ReceiveAsync()).Refusal.Code);
        client.Send(CloudCalls.Nodes.With(new()), 2);
        Assert.Equal(2ul, (await client.ReceiveAsync()).Tag);
    }

    [Fact]
    public async Task A_frame_that_arrives_byte_by_byte_is_assembled()
    {
        using var client = Client();
        foreach (var one in PlainClient.FrameOf(CloudCalls.Nodes.With(new()).Envelope(7)))
            client.Socket.Send([one]);
        Assert.Equal(7ul, (await client.ReceiveAsync()).Tag);
    }

    [Fact]
    public async Task A_malformed_frame_closes_only_its_own_connection()
    {
        using var broken = Client();
        broken.Socket.Send([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        Assert.Equal(RefusalCode.Usage, (await broken.ReceiveAsync()).Refusal.Code);
        Assert.Equal(0, await broken.Socket.ReceiveAsync(new byte[16]));
        await Requests_are_answered_one_after_another_with_their_tags();
    }

    [Fact]
    public async Task A_stream_waits_for_a_slow_reader_and_ends_with_its_client()
    {
        const int Bytes = 64 << 10;
        var (sent, ended) = (0, new TaskCompletionSource());
        var table = new CallTable(ScriptedCalls.Refusal);
        table.AddStreaming(CloudCalls.Output, (_, _, cancel) => EndlessAsync(cancel));
        using var home = new TestHome();
        var settings = home.Settings().Gateway;
        await using var server = await GatewayServer.StartAsync(
            settings,
            new Dispatcher(table, TestHome.ErrorMapper(home.NodeLog)),
            home.Peers,
            home.Connections(),
            CancellationToken.None
        );
        using (var client = new PlainClient(settings.Socket))
        {
            client.Send(CloudCalls.Output.With(new()));
            for (var received = 1; received <= 200; received++)
            {
                Assert.False((await client.ReceiveAsync()).End);
                // Chunks in transit: in the buffers of the node, the kernel and the client.
                Assert.InRange(sent - received, 0, 32);
            }
        }
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(home.Log.ToString());

        async IAsyncEnumerable<Outcome<OutputChunk>> EndlessAsync(
            [EnumeratorCancellation] CancellationToken cancel
        )
        {
            using var registration = cancel.Register(ended.SetResult);
            var data = ByteString.CopyFrom(new byte[Bytes]);
            while (true)
            {
                await Task.Yield();
                sent++;
                yield return new OutputChunk { Data = data };
            }
        }
    }

    private PlainClient Client() => new(gateway.Settings.Socket);
}
