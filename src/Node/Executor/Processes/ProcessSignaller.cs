using JobCloud.Node.Executor.Attempts;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Signals all processes of attempts: many at once cost one look at the machine.</summary>
/// <param name="ownerOf">Whose a child of the executor is; null: no job's.</param>
internal sealed class ProcessSignaller(Func<int, Attempt?> ownerOf)
{
    private readonly Dictionary<Attempt, int> _wanted = [];
    private readonly int _self = Libc.getpid();

    public void Send(Attempt attempt, int signal) => _wanted[attempt] = signal;

    /// <summary>Nothing of it lives any more: what was asked for meanwhile is not sent.</summary>
    public void Forget(Attempt attempt) => _wanted.Remove(attempt);

    /// <summary>Sends what was asked for since the last time.</summary>
    public void Flush()
    {
        if (_wanted.Count == 0)
            return;
        foreach (var (attempt, signal) in _wanted)
        {
            if (attempt.Cgroup is { } cgroup)
                cgroup.Signal(signal);
            else if (attempt.Pid != 0)
                Signal(-attempt.Pid, signal);
        }
        if (_wanted.Keys.Any(attempt => attempt.Cgroup is null))
            SignalOthers();
        _wanted.Clear();
    }

    /// <summary>Whether a process of the attempt's first group is left.</summary>
    public static bool IsGroupAlive(Attempt attempt) =>
        Libc.kill(-attempt.Pid, 0) == 0 || Libc.Errno != Libc.ESRCH;

    /// <summary>Reaches what left its attempt's first group, where no cgroup holds it.</summary>
    private void SignalOthers()
    {
        var snapshot = ProcessSnapshot.Take();
        foreach (var (pid, stat) in snapshot.All)
        {
            var child = snapshot.ChildAbove(pid, _self);
            if (
                child != 0
                && ownerOf(child) is { } owner
                && owner.Cgroup is null
                && stat.Group != owner.Pid
                && _wanted.TryGetValue(owner, out var signal)
            )
                Signal(pid, signal);
        }
    }

    /// <summary>Signals one process, or the group of a negative one.</summary>
    public static void Signal(int pid, int signal)
    {
        _ = Libc.kill(pid, signal);
        // A stopped process would take the signal only when somebody continues it.
        if (signal != Libc.SIGKILL)
            _ = Libc.kill(pid, Libc.SIGCONT);
    }
}
