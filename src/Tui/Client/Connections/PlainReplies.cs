using System.Net.Sockets;
using Grpc.Core;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Client.Connections;

/// <summary>The replies to one call in plain frames.</summary>
/// <param name="connection">The connection on which the request was sent.</param>
/// <param name="read">Parses a reply.</param>
/// <param name="release">Receives the connection after the last reply.</param>
/// <param name="fallBack">Makes the call over gRPC if the node does not support plain frames; null:
/// it does.</param>
/// <param name="firstWithin">How long to block the thread for the first reply.</param>
internal sealed class PlainReplies<T>(
    PlainConnection connection,
    Func<Reply, T> read,
    Action<PlainConnection> release,
    Func<AsyncServerStreamingCall<T>>? fallBack,
    CallOptions options,
    TimeSpan firstWithin
) : IAsyncStreamReader<T>, IDisposable
    where T : class
{
    private readonly CancellationTokenSource _limit = Limit(options);
    private AsyncServerStreamingCall<T>? _grpcCall;
    private bool _hasReplied;
    private bool _hasEnded;

    public T Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_grpcCall is not null)
            return await MoveGrpcAsync(cancellationToken);
        if (_hasEnded)
            return false;
        using var either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken)
            : null;
        try
        {
            return Take(
                await connection.ReceiveAsync(
                    _hasReplied ? TimeSpan.Zero : firstWithin,
                    (either ?? _limit).Token
                )
            );
        }
        catch (SocketException) when (fallBack is not null && !_hasReplied && !_hasEnded)
        {
            End();
            _grpcCall = fallBack();
            return await MoveGrpcAsync(cancellationToken);
        }
        catch (Exception e)
            when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            var code = CodeOf(e);
            End();
            throw e is SocketException closed && code == StatusCode.Unavailable
                ? PlainInvoker.Closed(closed)
                : new RpcException(new Grpc.Core.Status(code, e.Message));
        }
    }

    public void Dispose()
    {
        _grpcCall?.Dispose();
        if (!_hasEnded)
            End();
    }

    private bool Take(Reply reply)
    {
        _hasReplied = true;
        if (reply.IsLast())
        {
            _hasEnded = true;
            _limit.Dispose();
            release(connection);
        }
        if (reply.Refusal is { } refusal)
            throw PlainInvoker.Refused(refusal);
        if (reply.HasPayload)
            Current = read(reply);
        return reply.HasPayload;
    }

    /// <summary>Ends the call early by closing the connection.</summary>
    private void End()
    {
        _hasEnded = true;
        _limit.Dispose();
        connection.Dispose();
    }

    private async Task<bool> MoveGrpcAsync(CancellationToken cancel)
    {
        var more = await _grpcCall!.ResponseStream.MoveNext(cancel);
        Current = more ? _grpcCall.ResponseStream.Current : null!;
        return more;
    }

    private StatusCode CodeOf(Exception e) =>
        e is SocketException && !_hasEnded ? StatusCode.Unavailable
        : options.CancellationToken.IsCancellationRequested ? StatusCode.Cancelled
        : _limit.IsCancellationRequested ? StatusCode.DeadlineExceeded
        : StatusCode.Cancelled;

    /// <summary>Ends with the deadline of a call, or when it is cancelled.</summary>
    public static CancellationTokenSource Limit(CallOptions options)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        if (options.Deadline is { } at)
            limit.CancelAfter(
                TimeSpan.FromMilliseconds(
                    Math.Clamp((at - DateTime.UtcNow).TotalMilliseconds, 1, int.MaxValue)
                )
            );
        return limit;
    }
}
