using System.Runtime.CompilerServices;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Notices that a stream is idle.</summary>
internal static class IdleTicks
{
    /// <summary>The items of a stream, and null each time that none came for so long.</summary>
    /// <param name="every">How long from now; zero: never.</param>
    public static async IAsyncEnumerable<T?> AddAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> items,
        Func<TimeSpan> every,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancel
    )
        where T : class
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var source = items(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= source.MoveNextAsync().AsTask();
                if (
                    every() is var limit
                    && limit > TimeSpan.Zero
                    && !await IsInTimeAsync(next, limit, clock)
                )
                {
                    yield return null;
                    continue;
                }
                var more = await next;
                next = null;
                if (!more)
                    yield break;
                yield return source.Current;
            }
        }
        finally
        {
            // A stream cannot be disposed of while it is read.
            end.Cancel();
            if (next is not null)
                await next.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private static async Task<bool> IsInTimeAsync(
        Task<bool> next,
        TimeSpan within,
        TimeProvider clock
    )
    {
        if (next.IsCompleted)
            return true;
        using var done = new CancellationTokenSource();
        var first = await Task.WhenAny(next, Task.Delay(within, clock, done.Token));
        await done.CancelAsync();
        return first == next;
    }
}
