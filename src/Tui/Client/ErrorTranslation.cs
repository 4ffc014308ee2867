using System.Runtime.CompilerServices;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;

namespace JobCloud.Client;

/// <summary>Runs calls away from the caller's context, and turns their failures into those that
/// callers see.</summary>
internal static class ErrorTranslation
{
    public static async Task<T> CallAsync<T>(
        Endpoint endpoint,
        Func<Task<T>> call,
        CancellationToken cancel
    )
    {
        try
        {
            return await Task.Run(call, cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOurs(failure))
        {
            throw Of(failure, endpoint, cancel);
        }
    }

    public static async IAsyncEnumerable<T> EachAsync<T>(
        Endpoint endpoint,
        IAsyncEnumerable<T> items,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var each = items.GetAsyncEnumerator(cancel);
        try
        {
            while (
                await CallAsync(endpoint, () => each.MoveNextAsync().AsTask(), cancel)
                    .ConfigureAwait(false)
            )
                yield return each.Current;
        }
        finally
        {
            await each.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether a failure is to be translated; others are bugs, or the caller's.</summary>
    public static bool IsOurs(Exception failure) => failure is RpcException or ClientErrorException;

    public static Exception Of(Exception failure, Endpoint endpoint, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return new OperationCanceledException(failure.Message, failure, cancel);
        var error = failure is ClientErrorException known
            ? known.Error
            : CallErrors.Of((RpcException)failure, endpoint);
        return new JobCloudException(error.Kind.Code, error.Message, error.Jid, failure);
    }
}
