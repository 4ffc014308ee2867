namespace JobCloud.Node.Executor.Threads;

/// <summary>A thread that runs one work item at a time, as long as the executor lives.</summary>
internal sealed class Worker(string name)
{
    private readonly WakeEvent _wanted = new();
    private Action? _work;

    public void Start() => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Runs work; only when the previous work is done.</summary>
    public void Submit(Action work)
    {
        Volatile.Write(ref _work, work);
        _wanted.Set();
    }

    private void Run()
    {
        while (true)
        {
            _wanted.Wait();
            Interlocked.Exchange(ref _work, null)?.Invoke();
        }
    }
}
