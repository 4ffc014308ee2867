namespace JobCloud.Tui.Headless.Terminals;

/// <summary>How much input may be sent before the job's end has taken some.</summary>
internal sealed class InputCredit
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private long _left;

    public void Give(long bytes)
    {
        lock (_gate)
            _left += bytes;
        _changed.Release();
    }

    /// <summary>Waits until there is some; how much of <paramref name="wanted"/> may go.</summary>
    public int Take(int wanted)
    {
        while (true)
        {
            lock (_gate)
            {
                var taken = (int)Math.Min(wanted, _left);
                _left -= taken;
                if (taken > 0)
                    return taken;
            }
            _changed.Wait();
        }
    }
}
