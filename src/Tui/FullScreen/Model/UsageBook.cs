using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>What a job uses now.</summary>
/// <param name="Cores">Over the last seconds; null: it was not looked at twice yet.</param>
/// <param name="MemoryBytes">Null: not measured where it runs.</param>
internal sealed record UsedNow(double? Cores, long? MemoryBytes);

/// <summary>Makes of looks at jobs what they use.</summary>
internal sealed class UsageBook
{
    /// <summary>Looks kept of a job: over several of them it matters little when exactly each was
    /// made.</summary>
    private const int LooksKept = 4;

    private readonly Dictionary<long, Looks> _jobs = [];

    /// <summary>By jid.</summary>
    public Dictionary<long, UsedNow> View() =>
        _jobs.ToDictionary(job => job.Key, job => job.Value.Now);

    public void Clear() => _jobs.Clear();

    /// <summary>Forgets all jobs but these; says whether there were any.</summary>
    public bool Keep(IReadOnlyCollection<long> jids)
    {
        var before = _jobs.Count;
        foreach (var jid in _jobs.Keys.Except(jids).ToList())
            _jobs.Remove(jid);
        return _jobs.Count < before;
    }

    /// <param name="at">When they were looked at, µs.</param>
    public void Heard(IEnumerable<UsageNow> usages, long at)
    {
        foreach (var seen in usages)
        {
            if (!_jobs.TryGetValue(seen.Jid, out var looks))
                _jobs[seen.Jid] = looks = new Looks();
            looks.Add(
                at,
                seen.Usage.CpuUserUs + seen.Usage.CpuSystemUs,
                seen.Usage.MemoryBytes > 0 ? seen.Usage.MemoryBytes : null
            );
        }
    }

    private sealed class Looks
    {
        private readonly Queue<(long At, long Cpu)> _kept = new();

        public UsedNow Now { get; private set; } = new(null, null);

        public void Add(long at, long cpu, long? memory)
        {
            // Of another attempt.
            if (_kept.TryPeek(out var last) && cpu < last.Cpu)
                _kept.Clear();
            _kept.Enqueue((at, cpu));
            if (_kept.Count > LooksKept)
                _kept.Dequeue();
            var first = _kept.Peek();
            Now = new UsedNow(
                at > first.At ? (cpu - first.Cpu) / (double)(at - first.At) : null,
                memory
            );
        }
    }
}
