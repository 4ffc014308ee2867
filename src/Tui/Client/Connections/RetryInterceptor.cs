using Grpc.Core;
using Grpc.Core.Interceptors;

namespace JobCloud.Client.Connections;

/// <summary>
/// Repeats requests while the node or its store is unavailable, since a stopped node restarts
/// within moments. Every request can be repeated, because a submission has a request ID. A stream
/// is repeated only before its first message, or if each message is a complete state.
/// </summary>
internal sealed class RetryInterceptor(Patience patience) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        var within = context.Options.Deadline - DateTime.UtcNow;
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            AnswerAsync(
                call,
                () => continuation(request, Renewed(context, within)),
                context.Options.CancellationToken
            ),
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
            patience.NewOutage(),
            call,
            () => continuation(request, context),
            context.Method.Name == "Await",
            context.Options.CancellationToken
        );
        return new AsyncServerStreamingCall<TResponse>(
            reader,
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            reader.Dispose
        );
    }

    private async Task<T> AnswerAsync<T>(
        AsyncUnaryCall<T> call,
        Func<AsyncUnaryCall<T>> repeat,
        CancellationToken cancel
    )
    {
        var outage = patience.NewOutage();
        while (true)
        {
            try
            {
                var answer = await call.ResponseAsync;
                outage.End();
                return answer;
            }
            catch (RpcException failure)
            {
                if (!await outage.PassesAsync(failure, cancel))
                    throw;
                call = repeat();
            }
        }
    }

    /// <summary>While a command waits, each repetition has the whole time limit.</summary>
    private ClientInterceptorContext<TRequest, TResponse> Renewed<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        TimeSpan? within
    )
        where TRequest : class
        where TResponse : class =>
        within is { } time && patience.IsWaiting
            ? new(
                context.Method,
                context.Host,
                context.Options.WithDeadline(DateTime.UtcNow + time)
            )
            : context;

    private sealed class Reader<T>(
        Patience.Outage outage,
        AsyncServerStreamingCall<T> call,
        Func<AsyncServerStreamingCall<T>> repeat,
        bool isRepeatable,
        CancellationToken cancel
    ) : IAsyncStreamReader<T>, IDisposable
    {
        private AsyncServerStreamingCall<T> _call = call;
        private bool _hasStarted;

        public T Current => _call.ResponseStream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            while (true)
            {
                try
                {
                    var more = await _call.ResponseStream.MoveNext(cancellationToken);
                    _hasStarted = true;
                    outage.End();
                    return more;
                }
                catch (RpcException failure)
                {
                    var canRepeat = isRepeatable || !_hasStarted;
                    if (!canRepeat || !await outage.PassesAsync(failure, cancel))
                        throw;
                    _call.Dispose();
                    _call = repeat();
                }
            }
        }

        public void Dispose() => _call.Dispose();
    }
}
