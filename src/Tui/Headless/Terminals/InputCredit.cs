namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Flow control of input: the number of bytes that can be sent before the job has read
/// some.</summary>
internal sealed class InputCredit
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private long _left;

    public void Add(long bytes)
    {
        lock (_gate)
            _left += bytes;
        _changed.Release();
    }

    /// <summary>Waits for credit and takes up to <paramref name="wanted"/> bytes of it.</summary>
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
