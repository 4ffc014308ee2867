namespace JobCloud.Node.Executor.Attempts;

/// <summary>Which jobs an orphan that shows no owner may belong to: those that were running when it
/// was first seen. With one candidate it is that one's; with none left it belongs to an ended job,
/// and must die. Pure but for what it remembers.</summary>
internal sealed class OrphanCandidates<TJob>
    where TJob : class
{
    private readonly Dictionary<int, HashSet<TJob>> _byPid = [];

    /// <summary>Looks at such an orphan.</summary>
    /// <param name="live">The jobs that may have processes now.</param>
    /// <param name="mustDie">Whether every job that it may belong to has ended.</param>
    /// <returns>The owner; null: not certain.</returns>
    public TJob? Look(int pid, IReadOnlyCollection<TJob> live, out bool mustDie)
    {
        if (!_byPid.TryGetValue(pid, out var candidates))
        {
            candidates = [.. live];
            // A child of another such orphan may belong to a job that ended before.
            foreach (var other in _byPid.Values)
                candidates.UnionWith(other);
            if (candidates.Count == 1 && _byPid.Count == 0)
            {
                mustDie = false;
                return candidates.Single();
            }
            _byPid.Add(pid, candidates);
        }
        candidates.IntersectWith(live);
        mustDie = candidates.Count == 0;
        return null;
    }

    public void Forget(int pid) => _byPid.Remove(pid);
}
