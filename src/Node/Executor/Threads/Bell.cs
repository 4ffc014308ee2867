namespace JobCloud.Node.Executor.Threads;

/// <summary>Wakes a thread that lives as long as the executor: there is nothing to dispose of,
/// which that thread could still wait for while the others end.</summary>
internal sealed class Bell
{
    private readonly object _gate = new();
    private bool _hasRung;

    public void Ring()
    {
        lock (_gate)
        {
            _hasRung = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns once it has rung since the last time.</summary>
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
