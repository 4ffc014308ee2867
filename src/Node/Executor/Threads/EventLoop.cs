using System.Collections.Concurrent;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Threads;

/// <summary>The event loop of the thread that owns all state: waits for descriptors, posted work
/// and timers. Other threads may only call <see cref="Post"/> and <see cref="Wake"/>.</summary>
/// <param name="failed">Called with the fault of posted work or of a timer, which ends neither the
/// loop nor other work.</param>
internal sealed unsafe class EventLoop(Action<Exception> failed) : IDisposable
{
    private const int Awake = 0,
        Asleep = 1;

    private readonly int _wakeFd = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
    private readonly ConcurrentQueue<Action<Moment>> _posted = new();
    private readonly PriorityQueue<Action<Moment>, long> _timers = new();
    private int _state = Awake;

    public void Post(Action<Moment> work)
    {
        _posted.Enqueue(work);
        Wake();
    }

    /// <summary>Reports a fault, from any thread.</summary>
    public void Report(Exception fault) => failed(fault);

    /// <summary>Ends the current wait, if any.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _state, Awake) == Awake)
            return;
        ulong one = 1;
        _ = Libc.write(_wakeFd, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Runs <paramref name="work"/> at this time, ms.</summary>
    public void At(long ms, Action<Moment> work) => _timers.Enqueue(work, ms);

    /// <summary>Waits until a descriptor is ready, work is posted or a timer is due. The first of
    /// <paramref name="fds"/> is the loop's own.</summary>
    /// <param name="hasWork">Checked after the point where a wake-up could be missed.</param>
    /// <param name="atLatest">Further times to wake at, ms; null: none.</param>
    public void Wait(Span<Libc.PollFd> fds, Func<bool> hasWork, params ReadOnlySpan<long?> atLatest)
    {
        fds[0] = new() { Fd = _wakeFd, Events = Libc.POLLIN };
        Interlocked.Exchange(ref _state, Asleep);
        var timeout = hasWork() || !_posted.IsEmpty ? 0 : UntilNext(atLatest);
        fixed (Libc.PollFd* array = fds)
            _ = Libc.poll(array, (nuint)fds.Length, timeout);
        Interlocked.Exchange(ref _state, Awake);
        if ((fds[0].ReturnedEvents & Libc.POLLIN) == 0)
            return;
        ulong count;
        _ = Libc.read(_wakeFd, (byte*)&count, sizeof(ulong));
    }

    /// <summary>Runs posted work and due timers.</summary>
    public void RunDue(Moment now)
    {
        for (var rest = _posted.Count; rest > 0 && _posted.TryDequeue(out var work); rest--)
            Run(work, now);
        while (_timers.TryPeek(out var due, out var at) && at <= now.Ms)
        {
            _timers.Dequeue();
            Run(due, now);
        }
    }

    private void Run(Action<Moment> work, Moment now)
    {
        try
        {
            work(now);
        }
        catch (Exception e)
        {
            failed(e);
        }
    }

    public void Dispose() => _ = Libc.close(_wakeFd);

    private int UntilNext(ReadOnlySpan<long?> atLatest)
    {
        long? next = _timers.TryPeek(out _, out var at) ? at : null;
        foreach (var other in atLatest)
            next = next < other ? next : other ?? next;
        return next is { } due ? (int)Math.Clamp(due - Clock.NowMs(), 0, int.MaxValue) : -1;
    }
}
