using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;

namespace JobCloud.Client.Connections;

/// <summary>A connection to a node, and the options of calls over it.</summary>
internal sealed class CloudConnection : IDisposable
{
    private readonly IDisposable[] _owned;
    private readonly CallInvoker _invoker;
    private readonly string? _token;
    private readonly Metadata? _headers;
    private readonly TimeSpan _timeout;

    /// <summary>Null: the node is on this machine.</summary>
    private ServerDate? _date;

    private CloudConnection(
        CallInvoker invoker,
        string? token,
        TimeSpan timeout,
        Patience patience,
        params IDisposable[] owned
    )
    {
        (_invoker, _token, _owned) = (invoker, token, owned);
        (_timeout, Patience) = (timeout, patience);
        _headers = token is null ? null : new Metadata { { "authorization", $"Bearer {token}" } };
        Api = new Cloud.CloudClient(invoker.Intercept(new RetryInterceptor(patience)));
    }

    public Cloud.CloudClient Api { get; }

    /// <summary>What calls do while the node does not answer.</summary>
    public Patience Patience { get; }

    /// <summary>The path of the unix socket; null: the node is remote.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>How far the node's clock is ahead of this machine's, in µs, as far as its answers
    /// told; 0: they agree.</summary>
    public long ClockAhead => _date?.Ahead ?? 0;

    /// <summary>Asks a node that has not answered yet, so that <see cref="ClockAhead"/> is
    /// known.</summary>
    public async Task LearnClockAsync()
    {
        if (_date is { IsKnown: false })
            await Api.NodeStatusAsync(new(), UnaryOptions());
    }

    /// <summary>The same connection for one wait, whose patience ends with it. The caller does not
    /// dispose of it.</summary>
    public CloudConnection ForWait() =>
        new(_invoker, _token, _timeout, Patience.Anew()) { SocketPath = SocketPath, _date = _date };

    /// <summary>Options of a unary call, with the time limit.</summary>
    public CallOptions UnaryOptions(CancellationToken cancellation = default) =>
        new(_headers, _timeout > TimeSpan.Zero ? DateTime.UtcNow + _timeout : null, cancellation);

    /// <summary>Options of a call without a time limit.</summary>
    public CallOptions StreamOptions(CancellationToken cancellation = default) =>
        new(_headers, cancellationToken: cancellation);

    /// <summary>The replies of a call as they arrive, each within the time limit. The time that
    /// the caller takes for a reply does not count.</summary>
    public async IAsyncEnumerable<T> RepliesAsync<T>(
        Func<CallOptions, AsyncServerStreamingCall<T>> call,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var stream = call(StreamOptions(limit.Token));
        while (await NextAsync(stream.ResponseStream, limit, cancel))
            yield return stream.ResponseStream.Current;
    }

    private async Task<bool> NextAsync<T>(
        IAsyncStreamReader<T> replies,
        CancellationTokenSource limit,
        CancellationToken cancel
    )
    {
        if (_timeout > TimeSpan.Zero)
            limit.CancelAfter(_timeout);
        try
        {
            return await replies.MoveNext(CancellationToken.None);
        }
        catch (RpcException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new RpcException(
                new Status(StatusCode.DeadlineExceeded, "the node sent no further reply in time")
            );
        }
        finally
        {
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <param name="handler">Connects to the server.</param>
    public static CloudConnection ToRemote(
        Uri server,
        SocketsHttpHandler handler,
        string? token,
        TimeSpan timeout,
        Patience patience,
        TimeProvider clock
    )
    {
        var date = new ServerDate(handler, clock);
        var channel = GrpcChannel.ForAddress(server, Options(date));
        return new(channel.CreateCallInvoker(), token, timeout, patience, channel) { _date = date };
    }

    /// <param name="connected">A connected socket, used for the first connection.</param>
    public static CloudConnection ToLocal(
        string path,
        Socket connected,
        string? token,
        Endpoint endpoint,
        Patience patience
    )
    {
        Socket? first = connected;
        var plain = new PlainInvoker(Connect, () => ByGrpc(Connect), endpoint.Blocks);
        return new(plain, token, endpoint.Timeout, patience, plain, connected)
        {
            SocketPath = path,
        };

        Socket Connect()
        {
            if (Interlocked.Exchange(ref first, null) is { } socket)
                return socket;
            socket = NewSocket();
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static CallInvoker ByGrpc(Func<Socket> connect)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = (_, _) =>
                ValueTask.FromResult<Stream>(new NetworkStream(connect(), ownsSocket: true)),
        };
        return GrpcChannel.ForAddress("http://localhost", Options(handler)).CreateCallInvoker();
    }

    /// <summary>A connected socket; null if nothing listens at <paramref name="path"/>.</summary>
    public static Socket? TryConnect(string path)
    {
        var socket = NewSocket();
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var one in _owned)
            one.Dispose();
    }

    private static Socket NewSocket() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static GrpcChannelOptions Options(HttpMessageHandler handler) =>
        new()
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        };
}
