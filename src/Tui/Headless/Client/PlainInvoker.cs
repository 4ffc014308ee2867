using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Client;

/// <summary>
/// Makes the single calls of the local socket in plain frames (<see cref="PlainDoor"/>); all others by
/// gRPC, whose client is not even made where no call needs it. A node that does not know plain frames is
/// asked by gRPC too.
/// </summary>
/// <param name="connect">A connected socket.</param>
/// <param name="grpc">Makes the gRPC side.</param>
internal sealed class PlainInvoker(Func<Socket> connect, Func<CallInvoker> grpc)
    : CallInvoker,
        IDisposable
{
    private readonly Lazy<CallInvoker> other = new(grpc);
    private Socket? socket;
    private bool isUnderstood = true;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        if (!isUnderstood || Wrap(request) is not { } wrapped)
            return other.Value.AsyncUnaryCall(method, host, options, request);
        return new AsyncUnaryCall<TResponse>(
            AskAsync(
                wrapped,
                options.Deadline,
                () => other.Value.AsyncUnaryCall(method, host, options, request).ResponseAsync
            ),
            Task.FromResult(new Metadata()),
            static () => Grpc.Core.Status.DefaultSuccess,
            static () => [],
            static () => { }
        );
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => other.Value.BlockingUnaryCall(method, host, options, request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        other.Value.AsyncServerStreamingCall(method, host, options, request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        other.Value.AsyncClientStreamingCall(method, host, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        other.Value.AsyncDuplexStreamingCall(method, host, options);

    public void Dispose() => socket?.Dispose();

    private static Request? Wrap(object request) =>
        request switch
        {
            SubmitRequest submit => new Request { Submit = submit },
            StatusRequest status => new Request { Status = status },
            KillRequest kill => new Request { Kill = kill },
            DeleteRequest delete => new Request { Delete = delete },
            RetryRequest retry => new Request { Retry = retry },
            PrioritizeRequest prioritize => new Request { Prioritize = prioritize },
            ListRequest list => new Request { List = list },
            ExplainRequest explain => new Request { Explain = explain },
            NodesRequest nodes => new Request { Nodes = nodes },
            DrainRequest drain => new Request { Drain = drain },
            DefinitionsRequest definitions => new Request { Definitions = definitions },
            DefineRequest define => new Request { Define = define },
            UndefineRequest undefine => new Request { Undefine = undefine },
            _ => null,
        };

    private static IMessage? Unwrap(Reply reply) =>
        reply.BodyCase switch
        {
            Reply.BodyOneofCase.Submit => reply.Submit,
            Reply.BodyOneofCase.Status => reply.Status,
            Reply.BodyOneofCase.Change => reply.Change,
            Reply.BodyOneofCase.List => reply.List,
            Reply.BodyOneofCase.Explain => reply.Explain,
            Reply.BodyOneofCase.Nodes => reply.Nodes,
            Reply.BodyOneofCase.Definitions => reply.Definitions,
            _ => null,
        };

    /// <summary>Asks and waits on this thread: the machinery of asynchronous sockets takes longer to
    /// start than a node takes to answer.</summary>
    private Task<T> AskAsync<T>(Request request, DateTime? deadline, Func<Task<T>> otherwise)
    {
        try
        {
            var reply = Ask(request, deadline);
            if (reply.Refusal is { } refusal)
                return Task.FromException<T>(Refused(refusal));
            if (Unwrap(reply) is T answer)
                return Task.FromResult(answer);
        }
        catch (SocketException failure)
            when (failure.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return Task.FromException<T>(
                new RpcException(new(StatusCode.DeadlineExceeded, failure.Message))
            );
        }
        catch (SocketException)
        {
            // It went away, or speaks HTTP/2 alone: the other way says which.
        }
        isUnderstood = false;
        return otherwise();
    }

    private Reply Ask(Request request, DateTime? deadline)
    {
        if (socket is null)
        {
            socket = connect();
            Send(socket, PlainDoor.Greeting);
        }
        socket.ReceiveTimeout = deadline is { } at
            ? (int)Math.Clamp((at - DateTime.UtcNow).TotalMilliseconds, 1, int.MaxValue)
            : 0;
        var frame = new byte[Frames.SizeOf(request)];
        Frames.Write(request, frame);
        Send(socket, frame);
        var inbox = new FrameInbox();
        while (true)
        {
            var count = socket.Receive(inbox.Room().Span);
            if (count == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            inbox.Filled(count);
            var status = inbox.Next(out var body);
            if (status == FrameStatus.Whole && Frames.TryParse(Reply.Parser, body, out var reply))
                return reply;
            if (status != FrameStatus.Incomplete)
                throw new SocketException((int)SocketError.ProtocolNotSupported);
        }
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    private static RpcException Refused(Refusal refusal) =>
        new(
            new Grpc.Core.Status(StatusCode.FailedPrecondition, refusal.Message),
            RefusalTrailer.Of(refusal)
        );
}
