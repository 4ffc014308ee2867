using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Collects when the queued jobs of each submission are expected to start and
/// end.</summary>
internal sealed class ForecastStarts
{
    private readonly Dictionary<long, ForecastJobs> _jobs = [];

    /// <summary>The submissions with queued jobs, the lowest jid first.</summary>
    public IEnumerable<ForecastJobs> All => _jobs.Values.OrderBy(static jobs => jobs.First);

    /// <summary>Counts queued jobs, whose start is not known yet.</summary>
    public void Expect(ExpectedRuntime of, long count)
    {
        if (!_jobs.TryGetValue(of.First, out var jobs))
            _jobs.Add(
                of.First,
                jobs = new ForecastJobs
                {
                    First = of.First,
                    Last = of.Last,
                    RuntimeUs = of.RuntimeUs,
                }
            );
        jobs.Jobs += count;
        jobs.Unforeseen += count;
    }

    /// <summary>Counts jobs that start at an instant.</summary>
    /// <param name="to">When they end; 0: not known.</param>
    public void Start(ExpectedRuntime of, long count, long from, long to)
    {
        var jobs = _jobs[of.First];
        if (jobs.StartsFrom == 0)
            jobs.StartsFrom = from;
        jobs.Unforeseen -= count;
        (jobs.StartsUntil, jobs.EndsAt) = (from, Math.Max(jobs.EndsAt, to));
    }
}
