namespace JobCloud.Tui.Headless.Terminals;

/// <summary>How much input may be sent before the job's end has taken some.</summary>
internal sealed class InputCredit
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim changed = new(0);
    private long left;

    public void Give(long bytes)
    {
        lock (gate)
            left += bytes;
        changed.Release();
    }

    /// <summary>Waits until there is some; how much of <paramref name="wanted"/> may go.</summary>
    public int Take(int wanted)
    {
        while (true)
        {
            lock (gate)
            {
                var taken = (int)Math.Min(wanted, left);
                left -= taken;
                if (taken > 0)
                    return taken;
            }
            changed.Wait();
        }
    }
}
