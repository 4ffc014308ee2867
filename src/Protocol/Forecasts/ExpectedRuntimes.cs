using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Finds the expected runtime of each job and the expected end of each running
/// one.</summary>
internal sealed class ExpectedRuntimes
{
    private static readonly ExpectedRuntime Unknown = new();

    private readonly IReadOnlyList<ExpectedRuntime> _runtimes;
    private readonly Dictionary<long, ExpectedEnd> _running = [];

    public ExpectedRuntimes(AskForecast asked)
    {
        _runtimes = asked.Runtimes;
        foreach (var end in asked.Running)
            _running[end.Jid] = end;
    }

    /// <summary>The submission of a job with its runtime. Jobs that nothing is known of share
    /// one.</summary>
    public ExpectedRuntime Of(long jid)
    {
        var (low, high) = (0, _runtimes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runtimes[middle].Last < jid)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _runtimes.Count && _runtimes[low].First <= jid ? _runtimes[low] : Unknown;
    }

    /// <summary>The end of a running job; null: nothing is known of it.</summary>
    public ExpectedEnd? EndOf(long jid) => _running.GetValueOrDefault(jid);
}
