using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Signals all processes of attempts: many at once cost one look at the machine.</summary>
/// <param name="ownerOf">Whose a child of the executor is; null: no job's.</param>
internal sealed class AttemptSignaller(Func<int, Attempt?> ownerOf)
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
        var areHeld = true;
        foreach (var (attempt, signal) in _wanted)
        {
            if (attempt.Living is not { } job)
                continue;
            areHeld &= job.Cgroup is not null;
            if (job.Cgroup is { } cgroup)
                cgroup.Signal(signal);
            else
                Signals.Send(-job.Pid, signal);
        }
        if (!areHeld)
            SignalOthers();
        _wanted.Clear();
    }

    /// <summary>Reaches what left its attempt's first group, where no cgroup holds it.</summary>
    private void SignalOthers()
    {
        var snapshot = ProcessSnapshot.Take();
        foreach (var (pid, stat) in snapshot.All)
        {
            var child = snapshot.ChildAbove(pid, _self);
            if (
                child != 0
                && ownerOf(child) is { Living: { Cgroup: null } job } owner
                && stat.Group != job.Pid
                && _wanted.TryGetValue(owner, out var signal)
            )
                Signals.Send(pid, signal);
        }
    }
}
