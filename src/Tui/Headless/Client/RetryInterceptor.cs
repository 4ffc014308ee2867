using Grpc.Core;
using Grpc.Core.Interceptors;
using JobCloud.Protocol;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Client;

/// <summary>
/// Repeats requests while the node is unavailable, since a stopped node restarts within moments.
/// Every request can be repeated, because a submission has a request ID. A stream is repeated only
/// before its first message, or if each message is a complete state.
/// </summary>
/// <param name="limit">How long the node may be unavailable.</param>
/// <param name="notify">Called once the wait is long enough to be noticed.</param>
internal sealed class RetryInterceptor(TimeSpan limit, Action notify) : Interceptor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(1);
    private TimeSpan _waited;

    private TimeSpan Limit { get; } = limit;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            AnswerAsync(call, () => continuation(request, context)),
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            call.Dispose
        );
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
        TRequest,
        TResponse
    >(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation
    )
    {
        var call = continuation(request, context);
        var reader = new Reader<TResponse>(
            this,
            call,
            () => continuation(request, context),
            context.Method.Name == "Await"
        );
        return new AsyncServerStreamingCall<TResponse>(
            reader,
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            reader.Dispose
        );
    }

    private async Task<T> AnswerAsync<T>(AsyncUnaryCall<T> call, Func<AsyncUnaryCall<T>> repeat)
    {
        var until = DateTime.UtcNow + Limit;
        while (true)
        {
            try
            {
                return await call.ResponseAsync;
            }
            catch (RpcException failure) when (IsTransient(failure) && DateTime.UtcNow < until)
            {
                await WaitAsync();
                call = repeat();
            }
        }
    }

    private Task WaitAsync()
    {
        if (_waited < NoticeDelay && _waited + Pause >= NoticeDelay)
            notify();
        _waited += Pause;
        return Task.Delay(Pause);
    }

    /// <summary>True if no node answered or the node is still starting.</summary>
    private static bool IsTransient(RpcException failure) =>
        RefusalTrailer.Of(failure) is { } refusal
            ? refusal.Code == RefusalCode.Busy
            : failure.StatusCode == StatusCode.Unavailable && !CommandErrors.IsUntrusted(failure);

    private sealed class Reader<T>(
        RetryInterceptor patience,
        AsyncServerStreamingCall<T> call,
        Func<AsyncServerStreamingCall<T>> repeat,
        bool isRepeatable
    ) : IAsyncStreamReader<T>, IDisposable
    {
        private AsyncServerStreamingCall<T> _call = call;
        private bool _hasStarted;

        public T Current => _call.ResponseStream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var until = DateTime.UtcNow + patience.Limit;
            while (true)
            {
                try
                {
                    var more = await _call.ResponseStream.MoveNext(cancellationToken);
                    _hasStarted = true;
                    return more;
                }
                catch (RpcException failure)
                    when (IsTransient(failure)
                        && (isRepeatable || !_hasStarted)
                        && DateTime.UtcNow < until
                    )
                {
                    await patience.WaitAsync();
                    _call.Dispose();
                    _call = repeat();
                }
            }
        }

        public void Dispose() => _call.Dispose();
    }
}
