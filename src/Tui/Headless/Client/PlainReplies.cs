using System.Net.Sockets;
using Grpc.Core;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Client;

/// <summary>The replies of one call in plain frames, as they come.</summary>
/// <param name="connection">The request was sent on it.</param>
/// <param name="read">Reads a reply.</param>
/// <param name="release">Takes the connection once the replies are complete.</param>
/// <param name="misunderstood">Makes the call by gRPC: the node does not answer in plain
/// frames.</param>
internal sealed class PlainReplies<T>(
    PlainConnection connection,
    Func<Reply, T> read,
    Action<PlainConnection> release,
    Func<AsyncServerStreamingCall<T>> misunderstood,
    CallOptions options
) : IAsyncStreamReader<T>, IDisposable
    where T : class
{
    /// <summary>A node that has the answer gives the first part of it within this.</summary>
    private static readonly TimeSpan FirstWithin = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _limit = Limit(options);
    private AsyncServerStreamingCall<T>? _instead;
    private TimeSpan _patience = FirstWithin;
    private bool _isOver;

    public T Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_instead is not null)
            return await MoveInsteadAsync(cancellationToken);
        if (_isOver)
            return false;
        using var either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken)
            : null;
        try
        {
            return Take(await connection.ReceiveAsync(_patience, (either ?? _limit).Token));
        }
        catch (SocketException) when (_patience > TimeSpan.Zero && !_isOver)
        {
            End();
            _instead = misunderstood();
            return await MoveInsteadAsync(cancellationToken);
        }
        catch (Exception e)
            when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            var code = CodeOf(e);
            End();
            throw new RpcException(new Grpc.Core.Status(code, e.Message));
        }
    }

    public void Dispose()
    {
        _instead?.Dispose();
        if (!_isOver)
            End();
    }

    private bool Take(Reply reply)
    {
        _patience = TimeSpan.Zero;
        if (reply.IsLast())
        {
            _isOver = true;
            _limit.Dispose();
            release(connection);
        }
        if (reply.Refusal is { } refusal)
            throw PlainInvoker.Refused(refusal);
        if (reply.HasPayload)
            Current = read(reply);
        return reply.HasPayload;
    }

    /// <summary>Early: the node is told by the end of the connection.</summary>
    private void End()
    {
        _isOver = true;
        _limit.Dispose();
        connection.Dispose();
    }

    private async Task<bool> MoveInsteadAsync(CancellationToken cancel)
    {
        var more = await _instead!.ResponseStream.MoveNext(cancel);
        Current = more ? _instead.ResponseStream.Current : null!;
        return more;
    }

    private StatusCode CodeOf(Exception e) =>
        e is SocketException && !_isOver ? StatusCode.Unavailable
        : options.Deadline <= DateTime.UtcNow ? StatusCode.DeadlineExceeded
        : StatusCode.Cancelled;

    private static CancellationTokenSource Limit(CallOptions options)
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
