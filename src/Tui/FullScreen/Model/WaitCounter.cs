using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The reason why a job has not started, as far as rows and nodes show it.</summary>
internal enum WaitReason
{
    Dependencies,
    Retry,
    AnotherNode,
    ReadyNode,
    LargerNode,
    FreeCores,

    /// <summary>Memory, its map's parallel limit, or jobs ahead of it; <c>explain</c> shows which
    /// for one job.</summary>
    JobsAhead,

    /// <summary>The rows of older submissions are not loaded.</summary>
    Unknown,
}

/// <summary>The number of jobs that wait for one reason.</summary>
internal readonly record struct WaitCount(WaitReason Reason, long Jobs);

/// <summary>Counts the jobs that have not started by reason, updated from the rows, so that no pass
/// over all jobs is needed.</summary>
internal sealed class WaitCounter
{
    private readonly Dictionary<RowDemand, long> _demands = [];

    /// <param name="before">The previous row; null: none.</param>
    /// <param name="after">The new row; null: removed.</param>
    public void Change(JobRow? before, JobRow? after)
    {
        if (before is not null)
            Add(before, -1);
        if (after is not null)
            Add(after, 1);
    }

    public void Clear() => _demands.Clear();

    /// <summary>The counts, most jobs first.</summary>
    /// <param name="all">The jobs of the whole cloud that have not started.</param>
    /// <param name="truncated">Whether some of them are not counted here.</param>
    public IReadOnlyList<WaitCount> View(IReadOnlyList<NodeView> nodes, long all, bool truncated)
    {
        var cores = ReadyCores.Of(nodes);
        var jobs = new long[Enum.GetValues<WaitReason>().Length];
        foreach (var (demand, count) in _demands)
            jobs[(int)(demand.Reason ?? cores.ReasonFor(demand.Cores))] += count;
        if (truncated)
            jobs[(int)WaitReason.Unknown] = Math.Max(0, all - _demands.Values.Sum());
        return
        [
            .. jobs.Select((count, reason) => new WaitCount((WaitReason)reason, count))
                .Where(wait => wait.Jobs > 0)
                .OrderByDescending(wait => wait.Jobs),
        ];
    }

    private void Add(JobRow row, int sign)
    {
        Add(
            new RowDemand(WaitReason.Dependencies, 0),
            sign * RowField.Statuses.Count(row, Status.Waiting)
        );
        if (RowField.Statuses.Count(row, Status.Queued) is > 0 and var queued)
            Add(DemandOf(row), sign * queued);
    }

    private void Add(RowDemand demand, long jobs)
    {
        if (jobs == 0)
            return;
        var count = _demands.GetValueOrDefault(demand) + jobs;
        if (count == 0)
            _demands.Remove(demand);
        else
            _demands[demand] = count;
    }

    /// <summary>Why the jobs of a row have not started; null: none is waiting or queued.</summary>
    public static WaitReason? ReasonOf(JobRow row, ReadyCores cores)
    {
        if (RowField.Statuses.Has(row, Status.Queued))
        {
            var demand = DemandOf(row);
            return demand.Reason ?? cores.ReasonFor(demand.Cores);
        }
        return RowField.Statuses.Has(row, Status.Waiting) ? WaitReason.Dependencies : null;
    }

    // A queued job has the reason why its last attempt ended.
    private static RowDemand DemandOf(JobRow row) =>
        row.Reason?.Code switch
        {
            null or ReasonCode.None => new(null, row.Cores),
            ReasonCode.NodeLost
            or ReasonCode.NodeRestarted
            or ReasonCode.NodeDrained
            or ReasonCode.NodeStopped => new(WaitReason.AnotherNode, 0),
            _ => new(WaitReason.Retry, 0),
        };

    /// <param name="Reason">Null: depends on its cores and the nodes.</param>
    private readonly record struct RowDemand(WaitReason? Reason, int Cores);
}
