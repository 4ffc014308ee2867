using System.Diagnostics.CodeAnalysis;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>All attempts that are pending, running, or ended but not yet acknowledged.</summary>
internal sealed class AttemptBook
{
    private readonly Dictionary<AttemptId, Attempt> _all = [];
    private readonly Dictionary<int, Attempt> _byPid = [];
    private readonly List<Attempt> _draining = [];

    public IReadOnlyCollection<Attempt> All => _all.Values;

    /// <summary>Attempts that may have live processes.</summary>
    public IReadOnlyCollection<Attempt> Living => _byPid.Values;

    /// <summary>Attempts whose first process has exited while other processes remain.</summary>
    public IReadOnlyList<Attempt> Draining => _draining;

    /// <summary>The number of attempts that have not ended.</summary>
    public int Unended { get; private set; }

    /// <summary>The number of attempts that may have live processes and have no cgroup.</summary>
    public int WithoutCgroup { get; private set; }

    public bool TryGet(AttemptId id, [NotNullWhen(true)] out Attempt? attempt) =>
        _all.TryGetValue(id, out attempt);

    /// <summary>Finds an attempt by the pid of its first process, which is also its session
    /// ID.</summary>
    public bool TryGetByPid(int pid, [NotNullWhen(true)] out Attempt? attempt) =>
        _byPid.TryGetValue(pid, out attempt);

    public void Add(Attempt attempt)
    {
        _all.Add(attempt.Id, attempt);
        if (attempt.End is null)
            Unended++;
    }

    /// <summary>Records the attempt's first process.</summary>
    public void Started(Attempt attempt, StartedJob job)
    {
        attempt.Stage = new AttemptStage.Started(job);
        _byPid[job.Pid] = attempt;
        WithoutCgroup += job.Cgroup is null ? 1 : 0;
    }

    public void Turned(Attempt attempt, AttemptPhase phase)
    {
        var wasDraining = attempt.Phase is AttemptPhase.Draining;
        attempt.Phase = phase;
        if (!wasDraining && phase is AttemptPhase.Draining)
            _draining.Add(attempt);
        else if (wasDraining && phase is not AttemptPhase.Draining)
            _draining.Remove(attempt);
    }

    /// <summary>Forgets the pid of an attempt without processes: the kernel may reuse the
    /// pid.</summary>
    public void Gone(Attempt attempt, StartedJob job)
    {
        if (_byPid.TryGetValue(job.Pid, out var holder) && holder == attempt)
            _byPid.Remove(job.Pid);
        WithoutCgroup -= job.Cgroup is null ? 1 : 0;
    }

    public void Ended(Attempt attempt, Protocol.Execution.ProcessEnded end)
    {
        attempt.Stage = new AttemptStage.Over(end);
        Unended--;
    }

    /// <summary>Drops an attempt that was never started and never will be.</summary>
    public void Drop(Attempt attempt)
    {
        Unended--;
        _all.Remove(attempt.Id);
    }

    /// <summary>Removes an attempt whose end was acknowledged.</summary>
    public void Remove(Attempt attempt) => _all.Remove(attempt.Id);
}
