namespace JobCloud.Node.Executor.Threads;

/// <summary>Wakes a thread that lives as long as the executor. Not disposable, because that thread
/// may still wait while the executor ends.</summary>
internal sealed class WakeEvent
{
    private readonly object _gate = new();
    private bool _hasRung;

    public void Set()
    {
        lock (_gate)
        {
            _hasRung = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for a ring since the last wait.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (!_hasRung)
                Monitor.Wait(_gate);
            _hasRung = false;
        }
    }
}
