using Grpc.Core;
using Grpc.Core.Interceptors;
using JobCloud.Protocol;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Client;

/// <summary>
/// A node that goes away is back by itself in a moment: requests are asked again until it is. All
/// may be, as a submission has its token. A stream goes on only where it has not begun, or where
/// its messages are whole states.
/// </summary>
/// <param name="limit">How long a node may stay away.</param>
/// <param name="say">Told when the wait becomes long enough to be wondered at.</param>
internal sealed class Patience(TimeSpan limit, Action say) : Interceptor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(1);
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

    private async Task<T> AnswerAsync<T>(AsyncUnaryCall<T> call, Func<AsyncUnaryCall<T>> again)
    {
        var until = DateTime.UtcNow + Limit;
        while (true)
        {
            try
            {
                return await call.ResponseAsync;
            }
            catch (RpcException failure) when (IsPassing(failure) && DateTime.UtcNow < until)
            {
                await WaitAsync();
                call = again();
            }
        }
    }

    private Task WaitAsync()
    {
        if (_waited < QuietFor && _waited + Pause >= QuietFor)
            say();
        _waited += Pause;
        return Task.Delay(Pause);
    }

    /// <summary>Nobody answered, or a node that is just starting did.</summary>
    private static bool IsPassing(RpcException failure) =>
        RefusalTrailer.Of(failure) is { } refusal
            ? refusal.Code == RefusalCode.Busy
            : failure.StatusCode == StatusCode.Unavailable && !Failures.IsUntrusted(failure);

    private sealed class Reader<T>(
        Patience patience,
        AsyncServerStreamingCall<T> call,
        Func<AsyncServerStreamingCall<T>> again,
        bool anywhere
    ) : IAsyncStreamReader<T>, IDisposable
    {
        private AsyncServerStreamingCall<T> _call = call;
        private bool _begun;

        public T Current => _call.ResponseStream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var until = DateTime.UtcNow + patience.Limit;
            while (true)
            {
                try
                {
                    var more = await _call.ResponseStream.MoveNext(cancellationToken);
                    _begun = true;
                    return more;
                }
                catch (RpcException failure)
                    when (IsPassing(failure) && (anywhere || !_begun) && DateTime.UtcNow < until)
                {
                    await patience.WaitAsync();
                    _call.Dispose();
                    _call = again();
                }
            }
        }

        public void Dispose() => _call.Dispose();
    }
}
