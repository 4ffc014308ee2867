namespace JobCloud.Node.Daemon.Terminals;

/// <summary>How many bytes may be sent before the other side says that it took some.</summary>
internal sealed class Credit
{
    private readonly Lock _gate = new();
    private long _left;
    private TaskCompletionSource? _more;

    public void Give(int bytes)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _left += bytes;
            (waiting, _more) = (_more, null);
        }
        waiting?.TrySetResult();
    }

    /// <summary>Takes at least one byte's worth, as soon as there is any.</summary>
    public async ValueTask<int> TakeAsync(int most, CancellationToken cancel)
    {
        while (true)
        {
            Task waiting;
            lock (_gate)
            {
                var taken = (int)Math.Min(most, _left);
                if (taken > 0)
                {
                    _left -= taken;
                    return taken;
                }
                _more ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = _more.Task;
            }
            await waiting.WaitAsync(cancel);
        }
    }
}
