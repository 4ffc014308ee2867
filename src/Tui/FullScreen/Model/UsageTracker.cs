using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The current usage of a job.</summary>
/// <param name="Cores">The mean over the last seconds; null: fewer than two samples.</param>
/// <param name="MemoryBytes">Null: not measured on its node.</param>
/// <param name="Trend">The cores in use, at most one value a sample, newest last.</param>
internal sealed record CurrentUsage(double? Cores, long? MemoryBytes, IReadOnlyList<double> Trend);

/// <summary>Computes the current usage of jobs from samples.</summary>
internal sealed class UsageTracker
{
    /// <summary>The number of samples kept per job; a mean over several evens out the time at which
    /// each was taken.</summary>
    private const int SamplesKept = 4;

    /// <summary>The number of values of the trend.</summary>
    public const int TrendKept = 60;

    private readonly Dictionary<long, Samples> _jobs = [];

    /// <summary>The place of a job in an order; null: its usage is not known.</summary>
    public long? Rank(long jid, UsageOrder by) => _jobs.GetValueOrDefault(jid)?.Rank(by.Column);

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
        private readonly SampleWindow _trend = new(TrendKept);
        private (double? Cores, long? Memory) _now;

        public CurrentUsage Now => new(_now.Cores, _now.Memory, _trend.ToArray());

        public long? Rank(JobColumn column) =>
            column == JobColumns.Memory ? _now.Memory : (long?)(_now.Cores * 1e6);

        public void Add(long at, long cpu, long? memory)
        {
            // A lower value is from another attempt.
            if (_kept.TryPeek(out var last) && cpu < last.Cpu)
                _kept.Clear();
            _kept.Enqueue((at, cpu));
            if (_kept.Count > SamplesKept)
                _kept.Dequeue();
            var first = _kept.Peek();
            double? cores = at > first.At ? (cpu - first.Cpu) / (double)(at - first.At) : null;
            if (cores is { } known)
                _trend.Add(known);
            _now = (cores, memory);
        }
    }
}
