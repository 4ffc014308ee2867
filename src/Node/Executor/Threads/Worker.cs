namespace JobCloud.Node.Executor.Threads;

/// <summary>A thread that runs one work item at a time, as long as the executor lives.</summary>
/// <param name="failed">Called on that thread with the fault of work.</param>
internal sealed class Worker(string name, Action<Exception> failed)
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
            try
            {
                Interlocked.Exchange(ref _work, null)?.Invoke();
            }
            catch (Exception e)
            {
                failed(e);
            }
        }
    }
}
