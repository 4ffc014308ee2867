using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>Counts the unfinished jobs of the segments on this node. All unfinished segments are in
/// memory, each on one node.</summary>
internal sealed class UnfinishedJobs
{
    private static readonly Status[] Counted = [Status.Waiting, Status.Queued, Status.Processing];

    private readonly long[] _jobs = new long[Counted.Length];

    public IEnumerable<MetricSample> Read() =>
        Counted.Select(
            (status, at) =>
                new MetricSample([StatusNames.Of(status)], Interlocked.Read(ref _jobs[at]))
        );

    /// <summary>The part of one segment.</summary>
    public sealed class Share(UnfinishedJobs all)
    {
        private static readonly int[] Nothing = new int[Protocol.Jobs.Statuses.Count];
        private readonly int[] _known = new int[Counted.Length];

        /// <param name="totals">Number of the segment's jobs by status number.</param>
        public void Set(IReadOnlyList<int> totals)
        {
            for (var at = 0; at < Counted.Length; at++)
            {
                var jobs = totals[(int)Counted[at]];
                if (jobs != _known[at])
                    Interlocked.Add(ref all._jobs[at], jobs - _known[at]);
                _known[at] = jobs;
            }
        }

        /// <summary>The segment is no longer on this node.</summary>
        public void Clear() => Set(Nothing);
    }
}
