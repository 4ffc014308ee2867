using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The current usage of a job.</summary>
/// <param name="Cores">The mean over the last seconds; null: fewer than two samples.</param>
/// <param name="MemoryBytes">Null: not measured on its node.</param>
internal sealed record CurrentUsage(double? Cores, long? MemoryBytes);

/// <summary>Computes the current usage of jobs from samples.</summary>
internal sealed class UsageTracker
{
    /// <summary>The number of samples kept per job; a mean over several evens out the time at which
    /// each was taken.</summary>
    private const int SamplesKept = 4;

    private readonly Dictionary<long, Samples> _jobs = [];

    /// <summary>The current usage by jid.</summary>
    public Dictionary<long, CurrentUsage> View() =>
        _jobs.ToDictionary(job => job.Key, job => job.Value.Now);

    public void Clear() => _jobs.Clear();

    /// <summary>Removes all jobs except these; returns whether there were any.</summary>
    public bool Keep(IReadOnlyCollection<long> jids)
    {
        var before = _jobs.Count;
        foreach (var jid in _jobs.Keys.Except(jids).ToList())
            _jobs.Remove(jid);
        return _jobs.Count < before;
    }

    /// <param name="at">The time of the samples, in µs.</param>
    public void AddSamples(IEnumerable<UsageNow> usages, long at)
    {
        foreach (var usage in usages)
        {
            if (!_jobs.TryGetValue(usage.Jid, out var samples))
                _jobs[usage.Jid] = samples = new Samples();
            samples.Add(
                at,
                usage.Usage.CpuUserUs + usage.Usage.CpuSystemUs,
                usage.Usage.MemoryBytes > 0 ? usage.Usage.MemoryBytes : null
            );
        }
    }

    private sealed class Samples
    {
        private readonly Queue<(long At, long Cpu)> _kept = new();

        public CurrentUsage Now { get; private set; } = new(null, null);

        public void Add(long at, long cpu, long? memory)
        {
            // A lower value is from another attempt.
            if (_kept.TryPeek(out var last) && cpu < last.Cpu)
                _kept.Clear();
            _kept.Enqueue((at, cpu));
            if (_kept.Count > SamplesKept)
                _kept.Dequeue();
            var first = _kept.Peek();
            Now = new CurrentUsage(
                at > first.At ? (cpu - first.Cpu) / (double)(at - first.At) : null,
                memory
            );
        }
    }
}
