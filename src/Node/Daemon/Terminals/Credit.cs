namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The number of bytes that may be sent before the other side confirms that it has taken
/// some.</summary>
internal sealed class Credit
{
    private readonly Lock _gate = new();
    private long _left;
    private TaskCompletionSource? _more;

    public void Add(int bytes)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _left += bytes;
            (waiting, _more) = (_more, null);
        }
        waiting?.TrySetResult();
    }

    /// <summary>Takes credit for one byte or more, as soon as there is any.</summary>
    public async ValueTask<int> TakeAsync(int max, CancellationToken cancel)
    {
        while (true)
        {
            Task waiting;
            lock (_gate)
            {
                var taken = (int)Math.Min(max, _left);
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
