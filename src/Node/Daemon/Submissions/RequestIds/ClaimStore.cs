using System.Data.Common;
using System.Threading.Channels;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Submissions.RequestIds;

/// <summary>Claims in the store; requests that wait together become one statement.</summary>
internal sealed class ClaimStore : IClaimStore, IAsyncDisposable
{
    // Interval at which a claim that another node holds is retried: a submission takes some
    // milliseconds.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly ClaimTable _table;
    private readonly NodeLog _log;
    private readonly Channel<ClaimRequest> _requests = Channel.CreateUnbounded<ClaimRequest>();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    public ClaimStore(ClaimTable table, NodeLog log)
    {
        (_table, _log) = (table, log);
        _work = Task.Run(WorkAsync);
    }

    /// <param name="Taken">Null: the claim is released.</param>
    private sealed record ClaimRequest(RequestKey Key, TaskCompletionSource? Taken);

    public async Task AcquireAsync(RequestKey key, CancellationToken cancel)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Writer.TryWrite(new(key, taken));
        await using var lost = cancel.Register(() => taken.TrySetCanceled(cancel));
        await taken.Task;
    }

    public void Release(RequestKey key) => _requests.Writer.TryWrite(new(key, null));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        var open = new List<ClaimRequest>();
        try
        {
            while (true)
            {
                var more = _requests.Reader.WaitToReadAsync(_end.Token).AsTask();
                await Task.WhenAny(more, open.Count == 0 ? more : Task.Delay(RetryInterval));
                _end.Token.ThrowIfCancellationRequested();
                while (_requests.Reader.TryRead(out var request))
                    open.Add(request);
                open = await TryAsync(open);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var request in open)
                request.Taken?.TrySetCanceled();
        }
    }

    /// <summary>Executes requests; returns those to try again: releases while the store is
    /// unavailable, and claims that other nodes hold.</summary>
    private async Task<List<ClaimRequest>> TryAsync(List<ClaimRequest> open)
    {
        try
        {
            var released = open.Where(request => request.Taken is null)
                .Select(request => request.Key)
                .ToList();
            var wanted = open.Where(request => request.Taken is { Task.IsCompleted: false })
                .ToList();
            if (released.Count > 0)
                await _table.ReleaseAsync(released, _end.Token);
            if (wanted.Count == 0)
                return wanted;
            var taken = await _table.AcquireAsync(
                [.. wanted.Select(request => request.Key)],
                _end.Token
            );
            foreach (var request in wanted.Where(request => taken.Contains(request.Key)))
                // The requester no longer waits: release the claim.
                if (!request.Taken!.TrySetResult())
                    Release(request.Key);
            return [.. wanted.Where(request => !taken.Contains(request.Key))];
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            StorePools.Note(e);
            _log.WriteRateLimited(
                LogLevel.Warning,
                "claims",
                $"The store does not answer: {e.Message}"
            );
            // A user should learn at once that the store is not available, and may try again.
            foreach (var request in open)
                request.Taken?.TrySetException(e);
            return [.. open.Where(request => request.Taken is null)];
        }
    }
}
