namespace JobCloud.Node.Daemon.Terminals;

/// <summary>How many bytes may be sent before the other side says that it took some.</summary>
internal sealed class Credit
{
    private readonly Lock gate = new();
    private long left;
    private TaskCompletionSource? more;

    public void Give(int bytes)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            left += bytes;
            (waiting, more) = (more, null);
        }
        waiting?.TrySetResult();
    }

    /// <summary>Takes at least one byte's worth, as soon as there is any.</summary>
    public async ValueTask<int> TakeAsync(int most, CancellationToken cancel)
    {
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                var taken = (int)Math.Min(most, left);
                if (taken > 0)
                {
                    left -= taken;
                    return taken;
                }
                more ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = more.Task;
            }
            await waiting.WaitAsync(cancel);
        }
    }
}
