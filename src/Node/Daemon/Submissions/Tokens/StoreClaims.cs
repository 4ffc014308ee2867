using System.Data.Common;
using System.Threading.Channels;
using JobCloud.Node.Daemon.Logs;

namespace JobCloud.Node.Daemon.Submissions.Tokens;

/// <summary>Claims by the store: those that wait together are one statement.</summary>
public sealed class StoreClaims : IClaims, IAsyncDisposable
{
    // Between two looks at a token that another node has: a submission takes some milliseconds.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly ClaimTable table;
    private readonly NodeLog log;
    private readonly Channel<Wish> wishes = Channel.CreateUnbounded<Wish>();
    private readonly CancellationTokenSource end = new();
    private readonly Task work;

    public StoreClaims(ClaimTable table, NodeLog log)
    {
        (this.table, this.log) = (table, log);
        work = Task.Run(WorkAsync);
    }

    /// <param name="Taken">Null: the claim is given back.</param>
    private sealed record Wish(TokenKey Key, TaskCompletionSource? Taken);

    public async Task TakeAsync(TokenKey key, CancellationToken cancel)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        wishes.Writer.TryWrite(new(key, taken));
        await using var lost = cancel.Register(() => taken.TrySetCanceled(cancel));
        await taken.Task;
    }

    public void Give(TokenKey key) => wishes.Writer.TryWrite(new(key, null));

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await work;
        end.Dispose();
    }

    private async Task WorkAsync()
    {
        var open = new List<Wish>();
        try
        {
            while (true)
            {
                var more = wishes.Reader.WaitToReadAsync(end.Token).AsTask();
                await Task.WhenAny(more, open.Count == 0 ? more : Task.Delay(LookAgain));
                end.Token.ThrowIfCancellationRequested();
                while (wishes.Reader.TryRead(out var wish))
                    open.Add(wish);
                open = await TryAsync(open);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var wish in open)
                wish.Taken?.TrySetCanceled();
        }
    }

    /// <summary>Those that are to be tried again.</summary>
    private async Task<List<Wish>> TryAsync(List<Wish> open)
    {
        try
        {
            var given = open.Where(wish => wish.Taken is null).Select(wish => wish.Key).ToList();
            var wanted = open.Where(wish => wish.Taken is { Task.IsCompleted: false }).ToList();
            if (given.Count > 0)
                await table.GiveAsync(given, end.Token);
            if (wanted.Count == 0)
                return wanted;
            var taken = await table.TakeAsync([.. wanted.Select(wish => wish.Key)], end.Token);
            foreach (var wish in wanted.Where(wish => taken.Contains(wish.Key)))
                // Nobody waits for it any more: others may.
                if (!wish.Taken!.TrySetResult())
                    Give(wish.Key);
            return [.. wanted.Where(wish => !taken.Contains(wish.Key))];
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            log.Write(LogLevel.Warning, "node", $"The store does not answer: {e.Message}");
            return open;
        }
    }
}
