using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Tests.Client;

/// <summary>Calls in plain frames, answered by a script.</summary>
public sealed class PlainInvokerTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly string _home = Directory.CreateTempSubdirectory("jc-").FullName;
    private readonly Socket _listener = NewSocket();
    private readonly PlainInvoker _invoker;
    private readonly Cloud.CloudClient _api;

    public PlainInvokerTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_home, "s")));
        _listener.Listen();
        _invoker = new PlainInvoker(Connect, () => new FakeGrpcInvoker());
        _api = new Cloud.CloudClient(_invoker);
    }

    public void Dispose()
    {
        _invoker.Dispose();
        _listener.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Unary_and_streaming_calls_share_a_connection()
    {
        var node = Task.Run(async () =>
        {
            using var peer = await AcceptAsync();
            Assert.Equal("Info", peer.Receive().Method);
            peer.Send(Part("a"));
            peer.Send(Part("b"));
            peer.Send(new Reply { End = true });
            Assert.Equal("Nodes", peer.Receive().Method);
            peer.Send(new Reply { Payload = ByteString.Empty, End = true });
            Assert.False(peer.IsOpen());
        });
        Assert.Equal(["a", "b"], await AllAsync(_api.Info(new())));
        await Task.Run(async () => await _api.NodesAsync(new()));
        _invoker.Dispose();
        await node.WaitAsync(Within);
    }

    [Fact]
    public async Task A_refusal_ends_a_stream_but_not_its_connection()
    {
        var refusal = new Refusal { Code = RefusalCode.DeletedJob, Message = "Deleted." };
        var node = Task.Run(async () =>
        {
            using var peer = await AcceptAsync();
            for (var call = 0; call < 2; call++)
            {
                peer.Receive();
                peer.Send(Part("a"));
                peer.Send(new Reply { Refusal = refusal, End = true });
            }
        });
        for (var call = 0; call < 2; call++)
        {
            using var stream = _api.Info(new());
            Assert.True(await stream.ResponseStream.MoveNext(default));
            var failure = await FailureAsync(stream);
            Assert.Equal(refusal, RefusalTrailer.Of(failure));
        }
        await node.WaitAsync(Within);
    }

    [Theory]
    [InlineData("disposed", null)]
    [InlineData("cancelled", StatusCode.Cancelled)]
    [InlineData("late", StatusCode.DeadlineExceeded)]
    public async Task An_abandoned_stream_closes_its_connection(string how, StatusCode? code)
    {
        var node = Task.Run(async () =>
        {
            using var peer = await AcceptAsync();
            peer.Receive();
            peer.Send(Part("a"));
            Assert.False(peer.IsOpen());
        });
        using var cancel = new CancellationTokenSource();
        DateTime? deadline = how == "late" ? DateTime.UtcNow.AddMilliseconds(300) : null;
        using (var stream = _api.Info(new(), null, deadline, cancel.Token))
        {
            Assert.True(await stream.ResponseStream.MoveNext(default));
            if (how == "cancelled")
                cancel.Cancel();
            if (code is not null)
                Assert.Equal(code, (await FailureAsync(stream)).StatusCode);
        }
        await node.WaitAsync(Within);
    }

    [Fact]
    public async Task A_connection_lost_during_a_stream_is_unavailable()
    {
        var node = Task.Run(async () =>
        {
            using var peer = await AcceptAsync();
            peer.Receive();
            peer.Send(Part("a"));
        });
        using var stream = _api.Info(new());
        Assert.True(await stream.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.Unavailable, (await FailureAsync(stream)).StatusCode);
        await node.WaitAsync(Within);
    }

    [Fact]
    public async Task A_node_without_plain_frames_is_called_over_gRPC()
    {
        var node = Task.Run(async () =>
        {
            using var peer = await AcceptAsync();
            // An HTTP/2 server ends an unknown protocol with GOAWAY (RFC 9113, 6.8).
            peer.Socket.Send([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        });
        Assert.Equal(["by gRPC"], await AllAsync(_api.Info(new())));
        Assert.Equal("by gRPC", (await _api.NodeStatusAsync(new())).Node);
        await node.WaitAsync(Within);
    }

    private static Reply Part(string command) =>
        new() { Payload = new JobDetail { Command = command }.ToByteString() };

    private static async Task<List<string>> AllAsync(AsyncServerStreamingCall<JobDetail> call)
    {
        var all = new List<string>();
        while (await call.ResponseStream.MoveNext(default))
            all.Add(call.ResponseStream.Current.Command);
        return all;
    }

    private static Task<RpcException> FailureAsync(AsyncServerStreamingCall<JobDetail> call) =>
        Assert.ThrowsAsync<RpcException>(() =>
            call.ResponseStream.MoveNext(default).WaitAsync(Within)
        );

    private static Socket NewSocket() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private Socket Connect()
    {
        var socket = NewSocket();
        socket.Connect(_listener.LocalEndPoint!);
        return socket;
    }

    private async Task<Peer> AcceptAsync()
    {
        var peer = new Peer(await _listener.AcceptAsync());
        var greeting = new byte[PlainProtocol.Greeting.Length];
        peer.Socket.Receive(greeting);
        Assert.True(PlainProtocol.Greeting.SequenceEqual(greeting));
        return peer;
    }

    /// <summary>The node's end of a connection.</summary>
    private sealed class Peer(Socket socket) : IDisposable
    {
        private readonly FrameReadBuffer _inbox = new();

        public Socket Socket => socket;

        public Request Receive()
        {
            ReadOnlySpan<byte> body;
            while (_inbox.Next(out body) != FrameStatus.Whole)
                Assert.True(IsOpen(), "the connection was closed");
            return Request.Parser.ParseFrom(body);
        }

        /// <summary>Waits for bytes; false if the client closed the connection.</summary>
        public bool IsOpen()
        {
            var count = socket.Receive(_inbox.Room().Span);
            _inbox.Filled(count);
            return count > 0;
        }

        public void Send(Reply reply)
        {
            var frame = new byte[Frames.SizeOf(reply)];
            Frames.Write(reply, frame);
            socket.Send(frame);
        }

        public void Dispose() => socket.Dispose();
    }

    /// <summary>Stands in for the gRPC client.</summary>
    private sealed class FakeGrpcInvoker : CallInvoker
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options,
            TRequest request
        ) =>
            new(
                Task.FromResult((TResponse)(object)new NodeStatusReply { Node = "by gRPC" }),
                Task.FromResult(new Metadata()),
                () => Grpc.Core.Status.DefaultSuccess,
                () => [],
                () => { }
            );

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
            TRequest,
            TResponse
        >(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options,
            TRequest request
        ) =>
            new(
                new OneReply<TResponse>((TResponse)(object)new JobDetail { Command = "by gRPC" }),
                Task.FromResult(new Metadata()),
                () => Grpc.Core.Status.DefaultSuccess,
                () => [],
                () => { }
            );

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            string? host,
            CallOptions options,
            TRequest request
        ) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<
            TRequest,
            TResponse
        >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<
            TRequest,
            TResponse
        >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();
    }

    private sealed class OneReply<T>(T reply) : IAsyncStreamReader<T>
    {
        private int _taken;

        public T Current => reply;

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            Task.FromResult(Interlocked.Increment(ref _taken) == 1);
    }
}
