using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client.Connections;

/// <summary>
/// Makes calls over the local socket in plain frames (<see cref="PlainProtocol"/>). A call that
/// sends more than one request uses gRPC, and so does every call to a node that does not support
/// plain frames: one that closes the first connection without a reply. The gRPC client is created
/// only when it is needed.
/// </summary>
/// <param name="connect">Connects a socket.</param>
/// <param name="grpc">Creates the gRPC client.</param>
/// <param name="blocks">Whether a call with one answer blocks its thread until that
/// arrives.</param>
internal sealed class PlainInvoker(Func<Socket> connect, Func<CallInvoker> grpc, bool blocks = true)
    : CallInvoker,
        IDisposable
{
    /// <summary>A node that has the answer sends its first part within this time.</summary>
    private static readonly TimeSpan FirstWithin = TimeSpan.FromMilliseconds(20);

    private readonly Lazy<CallInvoker> _grpc = new(grpc);
    private readonly ConcurrentQueue<PlainConnection> _idle = new();
    private bool _isSupported = true;
    private bool _isProven;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        var answer = blocks
            ? TryCall(method, request, options.Deadline)
            : CallAsync(method, host, options, request);
        return answer is not null
            ? new AsyncUnaryCall<TResponse>(
                answer,
                Task.FromResult(new Metadata()),
                static () => Grpc.Core.Status.DefaultSuccess,
                static () => [],
                static () => { }
            )
            : _grpc.Value.AsyncUnaryCall(method, host, options, request);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => _grpc.Value.BlockingUnaryCall(method, host, options, request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        PlainConnection? connection;
        try
        {
            connection = TryBegin(method, request);
        }
        catch (RpcException failure)
        {
            return Broken<TResponse>(failure);
        }
        if (connection is null)
            return ByGrpc();
        var replies = new PlainReplies<TResponse>(
            connection,
            reply =>
            {
                _isProven = true;
                return Read(method.ResponseMarshaller, reply.Payload);
            },
            _idle.Enqueue,
            _isProven ? null : FallBack,
            options,
            blocks ? FirstWithin : TimeSpan.Zero
        );
        return new AsyncServerStreamingCall<TResponse>(
            replies,
            Task.FromResult(new Metadata()),
            static () => Grpc.Core.Status.DefaultSuccess,
            static () => [],
            replies.Dispose
        );

        AsyncServerStreamingCall<TResponse> ByGrpc() =>
            _grpc.Value.AsyncServerStreamingCall(method, host, options, request);

        AsyncServerStreamingCall<TResponse> FallBack()
        {
            _isSupported = false;
            return ByGrpc();
        }
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        _grpc.Value.AsyncClientStreamingCall(method, host, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        _grpc.Value.AsyncDuplexStreamingCall(method, host, options);

    public void Dispose()
    {
        while (_idle.TryDequeue(out var connection))
            connection.Dispose();
    }

    public static RpcException Refused(Refusal refusal) =>
        new(
            new Grpc.Core.Status(StatusCode.FailedPrecondition, refusal.Message),
            RefusalTrailer.Of(refusal)
        );

    /// <summary>The failure of a connection that ended before the answer.</summary>
    public static RpcException Closed(SocketException failure) =>
        new(new Grpc.Core.Status(StatusCode.Unavailable, failure.Message, failure));

    private static AsyncServerStreamingCall<T> Broken<T>(RpcException failure) =>
        new(
            new BrokenReplies<T>(failure),
            Task.FromResult(new Metadata()),
            () => failure.Status,
            static () => [],
            static () => { }
        );

    /// <summary>Makes a call. Null means that the caller must use gRPC.</summary>
    private Task<TResponse>? TryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request,
        DateTime? deadline
    )
    {
        PlainConnection? connection = null;
        try
        {
            connection = TryBegin(method, request);
            if (connection is null)
                return null;
            return Task.FromResult(Take(method, connection, connection.Receive(deadline)));
        }
        catch (RpcException failure)
        {
            return Task.FromException<TResponse>(failure);
        }
        catch (SocketException failure)
        {
            connection?.Dispose();
            if (failure.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
                return Task.FromException<TResponse>(
                    new RpcException(new(StatusCode.DeadlineExceeded, failure.Message))
                );
            if (_isProven)
                return Task.FromException<TResponse>(Closed(failure));
            _isSupported = false;
            return null;
        }
    }

    /// <summary>Makes a call, by gRPC if the node does not support plain frames.</summary>
    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
        where TRequest : class
        where TResponse : class
    {
        using var limit = PlainReplies<TResponse>.Limit(options);
        if (TryBegin(method, request) is { } connection)
        {
            try
            {
                var reply = await connection.ReceiveAsync(TimeSpan.Zero, limit.Token);
                return Take(method, connection, reply);
            }
            catch (OperationCanceledException failure)
            {
                connection.Dispose();
                var code = options.CancellationToken.IsCancellationRequested
                    ? StatusCode.Cancelled
                    : StatusCode.DeadlineExceeded;
                throw new RpcException(new Grpc.Core.Status(code, failure.Message));
            }
            catch (SocketException failure)
            {
                connection.Dispose();
                if (_isProven)
                    throw Closed(failure);
                _isSupported = false;
            }
        }
        return await _grpc.Value.AsyncUnaryCall(method, host, options, request);
    }

    private TResponse Take<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        PlainConnection connection,
        Reply reply
    )
    {
        _isProven = true;
        _idle.Enqueue(connection);
        return reply.HasPayload
            ? Read(method.ResponseMarshaller, reply.Payload)
            : throw Refused(reply.Refusal ?? new Refusal());
    }

    /// <summary>Sends a request. Null means that the caller must use gRPC.</summary>
    /// <exception cref="RpcException">The node does not answer.</exception>
    private PlainConnection? TryBegin<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request
    )
    {
        if (!_isSupported)
            return null;
        var payload = ((IMessage)request!).ToByteString();
        var envelope = new Request { Method = method.Name, Payload = payload };
        while (true)
        {
            var isIdle = _idle.TryDequeue(out var connection);
            try
            {
                connection ??= new PlainConnection(connect());
                connection.Send(envelope);
                return connection;
            }
            catch (SocketException failure)
            {
                connection?.Dispose();
                // The node closed an idle connection when it stopped; it may have started again.
                if (!isIdle)
                    throw Closed(failure);
            }
        }
    }

    private static T Read<T>(Marshaller<T> marshaller, ByteString payload) =>
        marshaller.ContextualDeserializer(new Payload(payload));

    /// <summary>The replies of a call that was not sent.</summary>
    private sealed class BrokenReplies<T>(RpcException failure) : IAsyncStreamReader<T>
    {
        public T Current => throw failure;

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            Task.FromException<bool>(failure);
    }

    private sealed class Payload(ByteString bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => bytes.ToByteArray();

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes.Memory);
    }
}
