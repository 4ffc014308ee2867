using System.Diagnostics.CodeAnalysis;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>All attempts that are to run, run, or ended and are not accepted.</summary>
internal sealed class AttemptBook
{
    private readonly Dictionary<AttemptId, Attempt> _all = [];
    private readonly Dictionary<int, Attempt> _byPid = [];

    public IReadOnlyCollection<Attempt> All => _all.Values;

    /// <summary>Those that may have living processes.</summary>
    public IReadOnlyCollection<Attempt> Living => _byPid.Values;

    /// <summary>How many have not ended yet.</summary>
    public int Unended { get; private set; }

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

    public void Spawned(Attempt attempt) => _byPid[attempt.Pid] = attempt;

    /// <summary>No process of it is left: its pid may soon be another's.</summary>
    public void Gone(Attempt attempt)
    {
        if (_byPid.TryGetValue(attempt.Pid, out var holder) && holder == attempt)
            _byPid.Remove(attempt.Pid);
    }

    public void Ended() => Unended--;

    public void Remove(Attempt attempt) => _all.Remove(attempt.Id);
}
