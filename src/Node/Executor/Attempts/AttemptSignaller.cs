using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Sends signals to all processes of attempts; one scan of the machine serves many
/// attempts.</summary>
/// <param name="ownerOf">Returns the owner of a child of the executor; null: the child belongs to
/// no job.</param>
internal sealed class AttemptSignaller(Func<int, TrackedAttempt?> ownerOf)
{
    private readonly Dictionary<TrackedAttempt, int> _pending = [];
    private readonly int _self = Libc.getpid();

    public void Send(TrackedAttempt attempt, int signal) => _pending[attempt] = signal;

    /// <summary>Cancels the pending signal of an attempt that has no live processes.</summary>
    public void Forget(TrackedAttempt attempt) => _pending.Remove(attempt);

    /// <summary>Sends the signals requested since the last flush.</summary>
    public void Flush()
    {
        if (_pending.Count == 0)
            return;
        var allHaveCgroups = true;
        foreach (var (attempt, signal) in _pending)
        {
            if (attempt.LiveJob is not { } job)
                continue;
            allHaveCgroups &= job.Cgroup is not null;
            if (job.Cgroup is { } cgroup)
                cgroup.Signal(signal);
            else
                ProcessSignals.Send(-job.Pid, signal);
        }
        if (!allHaveCgroups)
            SignalOutsideGroups();
        _pending.Clear();
    }

    /// <summary>Signals processes that left their attempt's process group and are in no
    /// cgroup.</summary>
    private void SignalOutsideGroups()
    {
        var snapshot = ProcessSnapshot.Take();
        foreach (var (pid, stat) in snapshot.All)
        {
            var child = snapshot.ChildAbove(pid, _self);
            if (
                child != 0
                && ownerOf(child) is { LiveJob: { Cgroup: null } job } owner
                && stat.Group != job.Pid
                && _pending.TryGetValue(owner, out var signal)
            )
                ProcessSignals.Send(pid, signal);
        }
    }
}
