using System.Diagnostics.CodeAnalysis;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>All attempts that are to run, run, or ended and are not accepted.</summary>
internal sealed class AttemptBook
{
    private readonly Dictionary<AttemptId, Attempt> _all = [];
    private readonly Dictionary<int, Attempt> _byPid = [];
    private readonly List<Attempt> _draining = [];

    public IReadOnlyCollection<Attempt> All => _all.Values;

    /// <summary>Those that may have living processes.</summary>
    public IReadOnlyCollection<Attempt> Living => _byPid.Values;

    /// <summary>Those whose first process has ended, and others have not.</summary>
    public IReadOnlyList<Attempt> Draining => _draining;

    /// <summary>How many have not ended yet.</summary>
    public int Unended { get; private set; }

    /// <summary>How many may live whose processes no cgroup holds.</summary>
    public int WithoutCgroup { get; private set; }

    public bool TryGet(AttemptId id, [NotNullWhen(true)] out Attempt? attempt) =>
        _all.TryGetValue(id, out attempt);

    /// <summary>The attempt whose first process, and so whose session, this is or was.</summary>
    public bool TryGetByPid(int pid, [NotNullWhen(true)] out Attempt? attempt) =>
        _byPid.TryGetValue(pid, out attempt);

    public void Add(Attempt attempt)
    {
        _all.Add(attempt.Id, attempt);
        if (attempt.End is null)
            Unended++;
    }

    /// <summary>It has a first process.</summary>
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

    /// <summary>No process of it is left: its pid may soon be another's.</summary>
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

    /// <summary>It was never started, and never will be.</summary>
    public void Drop(Attempt attempt)
    {
        Unended--;
        _all.Remove(attempt.Id);
    }

    /// <summary>Its end is accepted.</summary>
    public void Remove(Attempt attempt) => _all.Remove(attempt.Id);
}
