using System.Data.Common;
using System.Threading.Channels;
using JobCloud.Node.Daemon.Logs;

namespace JobCloud.Node.Daemon.Submissions.Tokens;

/// <summary>Claims by the store: those that wait together are one statement.</summary>
internal sealed class StoreClaims : IClaims, IAsyncDisposable
{
    // Between two looks at a token that another node has: a submission takes some milliseconds.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly ClaimTable _table;
    private readonly NodeLog _log;
    private readonly Channel<Wish> _wishes = Channel.CreateUnbounded<Wish>();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    public StoreClaims(ClaimTable table, NodeLog log)
    {
        (_table, _log) = (table, log);
        _work = Task.Run(WorkAsync);
    }

    /// <param name="Taken">Null: the claim is given back.</param>
    private sealed record Wish(TokenKey Key, TaskCompletionSource? Taken);

    public async Task TakeAsync(TokenKey key, CancellationToken cancel)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _wishes.Writer.TryWrite(new(key, taken));
        await using var lost = cancel.Register(() => taken.TrySetCanceled(cancel));
        await taken.Task;
    }

    public void Give(TokenKey key) => _wishes.Writer.TryWrite(new(key, null));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        var open = new List<Wish>();
        try
        {
            while (true)
            {
                var more = _wishes.Reader.WaitToReadAsync(_end.Token).AsTask();
                await Task.WhenAny(more, open.Count == 0 ? more : Task.Delay(LookAgain));
                _end.Token.ThrowIfCancellationRequested();
                while (_wishes.Reader.TryRead(out var wish))
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
                await _table.GiveAsync(given, _end.Token);
            if (wanted.Count == 0)
                return wanted;
            var taken = await _table.TakeAsync([.. wanted.Select(wish => wish.Key)], _end.Token);
            foreach (var wish in wanted.Where(wish => taken.Contains(wish.Key)))
                // Nobody waits for it any more: others may.
                if (!wish.Taken!.TrySetResult())
                    Give(wish.Key);
            return [.. wanted.Where(wish => !taken.Contains(wish.Key))];
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            _log.Write(LogLevel.Warning, "node", $"The store does not answer: {e.Message}");
            return open;
        }
    }
}
