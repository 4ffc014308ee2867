using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;
using JobCloud.ClusterPort;
using JobCloud.Protocol.Certificates;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

/// <summary>The two ends of one connection between members.</summary>
public sealed class TlsLinkTests : IAsyncLifetime
{
    private const int FrameMax = 1 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Address There = new("ssl.tcp", "test", "127.0.0.1", 1);

    private readonly TestAuthority _authority = new();
    private readonly Collector _received = new();
    private ClusterTrust _trust = null!;
    private TlsLink _one = null!;
    private TlsLink _other = null!;

    public async Task InitializeAsync()
    {
        var own = SslStreamCertificateContext.Create(
            _authority.Issue(CertificateRole.Node),
            _authority.Trusted,
            offline: true
        );
        _trust = new ClusterTrust(() => own, _ => "", _ => { }, bindsNames: true);
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(port.LocalEndpoint);
        var server = await port.AcceptSocketAsync();
        var (from, to) = (Stream(client), Stream(server));
        var accepting = _trust.AcceptAsync(to, default);
        var peer = await _trust.ConnectAsync(from, "localhost", default);
        _one = new TlsLink(There, There, client, from, peer, _trust, _ => default, FrameMax);
        _other = new TlsLink(
            There,
            There,
            server,
            to,
            await accepting,
            _trust,
            _ => default,
            FrameMax
        );
    }

    [Fact]
    public async Task Messages_of_every_size_arrive_whole_and_in_order()
    {
        _other.ReadHandlerSource.SetResult(_received);
        int[] sizes = [1, 0, 100, 16_383, 16_384, 70_000, FrameMax];
        var sent = Enumerable
            .Range(0, 60)
            .SelectMany(_ => sizes)
            .Select(RandomNumberGenerator.GetBytes)
            .ToArray();
        foreach (var message in sent)
            await Eventually.HoldsAsync(
                () => _one.Write(ByteString.CopyFrom(message)),
                "the link takes the message"
            );
        foreach (var message in sent.Where(one => one.Length > 0))
            Assert.Equal(message, (await NextAsync<InboundPayload>()).Payload.ToByteArray());
    }

    [Fact]
    public async Task Output_written_before_the_end_arrives()
    {
        _other.ReadHandlerSource.SetResult(_received);
        _one.ReadHandlerSource.SetResult(new Collector());
        for (var i = 0; i < 100; i++)
            Assert.True(_one.Write(ByteString.CopyFromUtf8($"{i}")));
        _one.Disassociate("the test ends", NoLogger.Instance);
        Assert.False(_one.Write(ByteString.CopyFromUtf8("late")));
        for (var i = 0; i < 100; i++)
            Assert.Equal($"{i}", (await NextAsync<InboundPayload>()).Payload.ToStringUtf8());
        await NextAsync<Disassociated>();
        await _one.Ended.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_reader_that_stalls_makes_writes_wait_instead_of_filling_memory()
    {
        var message = ByteString.CopyFrom(new byte[FrameMax]);
        var written = 0;
        while (written < 1000 && _one.Write(message))
            written++;
        Assert.InRange(written, 1, 100);
        _other.ReadHandlerSource.SetResult(_received);
        await Eventually.HoldsAsync(() => _one.Write(message), "the link takes messages again");
    }

    [Fact]
    public async Task A_member_that_sends_faster_than_messages_are_taken_fills_no_memory()
    {
        using var system = ActorSystem.Create("test");
        using var busy = new ManualResetEventSlim();
        var taken = 0;
        Action take = () => taken++;
        var reader = system.ActorOf(Props.Create(() => new Blocked(busy, take)));
        _other.ReadHandlerSource.SetResult(new ActorHandleEventListener(reader));
        var message = ByteString.CopyFrom(new byte[64 << 10]);
        var written = 0;
        for (var idle = 0; idle < 100 && written < 2_000; )
            if (_one.Write(message))
                (written, idle) = (written + 1, 0);
            else
            {
                idle++;
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
        Assert.InRange(written, 1, 1_000);
        busy.Set();
        await Eventually.HoldsAsync(() => taken == written, "all of them are taken");
    }

    [Fact]
    public async Task A_closed_connection_is_reported_even_to_a_late_reader()
    {
        _trust.Close(_ => true);
        await _other.Ended.WaitAsync(Limit);
        _other.ReadHandlerSource.SetResult(_received);
        await NextAsync<Disassociated>();
    }

    [Fact]
    public void A_closed_connection_still_tells_who_the_other_side_was()
    {
        var holder = _one.Peer.Subject;
        _one.Abort();
        Assert.Equal(holder, _one.Holder);
    }

    public Task DisposeAsync()
    {
        _one.Abort();
        _other.Abort();
        _authority.Dispose();
        return Task.CompletedTask;
    }

    private static SslStream Stream(Socket socket) => new(new NetworkStream(socket));

    private async Task<T> NextAsync<T>() =>
        Assert.IsType<T>(await _received.Events.Reader.ReadAsync().AsTask().WaitAsync(Limit));

    private sealed class Blocked : UntypedActor
    {
        private readonly ManualResetEventSlim _busy;
        private readonly Action _taken;

        public Blocked(ManualResetEventSlim busy, Action taken) => (_busy, _taken) = (busy, taken);

        protected override void OnReceive(object message)
        {
            _busy.Wait();
            if (message is InboundPayload)
                _taken();
        }
    }

    private sealed class Collector : IHandleEventListener
    {
        public Channel<IHandleEvent> Events { get; } = Channel.CreateUnbounded<IHandleEvent>();

        public void Notify(IHandleEvent ev) => Events.Writer.TryWrite(ev);
    }
}
