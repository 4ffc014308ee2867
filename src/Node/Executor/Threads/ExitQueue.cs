using System.Collections.Concurrent;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Threads;

/// <summary>Reaped children, queued for the event-loop thread.</summary>
internal sealed class ExitQueue(EventLoop loop)
{
    private readonly ConcurrentQueue<ChildExit> _exits = new();

    public bool HasSome => !_exits.IsEmpty;

    /// <summary>Thread-safe.</summary>
    public void Add(ChildExit exit)
    {
        _exits.Enqueue(exit);
        loop.Wake();
    }

    public bool TryTake(out ChildExit exit) => _exits.TryDequeue(out exit);
}
