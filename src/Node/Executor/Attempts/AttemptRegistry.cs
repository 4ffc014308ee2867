using System.Diagnostics.CodeAnalysis;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>All attempts that are pending, running, or ended but not yet acknowledged.</summary>
internal sealed class AttemptRegistry
{
    private readonly Dictionary<AttemptId, TrackedAttempt> _all = [];
    private readonly Dictionary<int, TrackedAttempt> _byPid = [];
    private readonly List<TrackedAttempt> _draining = [];

    public IReadOnlyCollection<TrackedAttempt> All => _all.Values;

    /// <summary>Attempts that may have live processes.</summary>
    public IReadOnlyCollection<TrackedAttempt> Live => _byPid.Values;

    /// <summary>Attempts whose first process has exited while other processes remain.</summary>
    public IReadOnlyList<TrackedAttempt> Draining => _draining;

    /// <summary>The number of attempts that have not ended.</summary>
    public int UnendedCount { get; private set; }

    /// <summary>The number of attempts that may have live processes and have no cgroup.</summary>
    public int WithoutCgroupCount { get; private set; }

    public bool TryGet(AttemptId id, [NotNullWhen(true)] out TrackedAttempt? attempt) =>
        _all.TryGetValue(id, out attempt);

    /// <summary>Finds an attempt by the pid of its first process, which is also its session
    /// ID.</summary>
    public bool TryGetByPid(int pid, [NotNullWhen(true)] out TrackedAttempt? attempt) =>
        _byPid.TryGetValue(pid, out attempt);

    public void Add(TrackedAttempt attempt)
    {
        _all.Add(attempt.Id, attempt);
        if (attempt.End is null)
            UnendedCount++;
    }

    /// <summary>Records the attempt's first process.</summary>
    public void SetStarted(TrackedAttempt attempt, StartedJob job)
    {
        attempt.Stage = new AttemptStage.Started(job);
        _byPid[job.Pid] = attempt;
        WithoutCgroupCount += job.Cgroup is null ? 1 : 0;
    }

    public void SetPhase(TrackedAttempt attempt, AttemptPhase phase)
    {
        var wasDraining = attempt.Phase is AttemptPhase.Emptying;
        attempt.Phase = phase;
        if (!wasDraining && phase is AttemptPhase.Emptying)
            _draining.Add(attempt);
        else if (wasDraining && phase is not AttemptPhase.Emptying)
            _draining.Remove(attempt);
    }

    /// <summary>Forgets the pid of an attempt without processes: the kernel may reuse the
    /// pid.</summary>
    public void ForgetPid(TrackedAttempt attempt, StartedJob job)
    {
        if (_byPid.TryGetValue(job.Pid, out var holder) && holder == attempt)
            _byPid.Remove(job.Pid);
        WithoutCgroupCount -= job.Cgroup is null ? 1 : 0;
    }

    public void SetEnded(TrackedAttempt attempt, Protocol.Execution.ProcessEnded end)
    {
        attempt.Stage = new AttemptStage.EndReported(end);
        UnendedCount--;
    }

    /// <summary>Drops an attempt that was never started and never will be.</summary>
    public void Drop(TrackedAttempt attempt)
    {
        UnendedCount--;
        _all.Remove(attempt.Id);
    }

    /// <summary>Removes an attempt whose end was acknowledged.</summary>
    public void Remove(TrackedAttempt attempt) => _all.Remove(attempt.Id);
}
