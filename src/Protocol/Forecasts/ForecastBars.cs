using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Collects the bars of a forecast. Jobs of a submission that follow each other on a node
/// share one.</summary>
internal sealed class ForecastBars(int most)
{
    private readonly record struct Key(string Node, long Submission, bool Running);

    private readonly Dictionary<Key, ForecastBar> _open = [];
    private readonly List<ForecastBar> _all = [];

    /// <summary>The bars by node, then by start.</summary>
    public IEnumerable<ForecastBar> All =>
        _all.OrderBy(static bar => bar.Node, StringComparer.Ordinal)
            .ThenBy(static bar => bar.From)
            .ThenBy(static bar => bar.First);

    /// <param name="of">Their submission.</param>
    public void Add(ForecastBar jobs, ExpectedRuntime of)
    {
        var key = new Key(jobs.Node, of.First, jobs.Running);
        if (_open.TryGetValue(key, out var bar) && (bar.To == 0 || jobs.From <= bar.To))
        {
            bar.Jobs += jobs.Jobs;
            (bar.First, bar.Last) = (
                Math.Min(bar.First, jobs.First),
                Math.Max(bar.Last, jobs.Last)
            );
            bar.From = Math.Min(bar.From, jobs.From);
            bar.To = bar.To == 0 || jobs.To == 0 ? 0 : Math.Max(bar.To, jobs.To);
            return;
        }
        _open[key] = jobs;
        if (_all.Count < most)
            _all.Add(jobs);
    }
}
