using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>What a job that has not started waits for, as far as rows and nodes tell.</summary>
internal enum WaitReason
{
    Dependencies,
    AnotherTry,
    AnotherNode,
    ReadyNode,
    LargerNode,
    FreeCores,

    /// <summary>Memory, a place in its map, or its turn: 'explain' of one job tells
    /// which.</summary>
    Turn,

    /// <summary>The rows of older submissions are not held here.</summary>
    Unknown,
}

/// <summary>Jobs that wait for the same.</summary>
internal readonly record struct WaitCount(WaitReason Reason, long Jobs);

/// <summary>Counts the jobs that have not started by what they want, as rows come and go: no look
/// through all jobs is needed to tell why they wait.</summary>
internal sealed class Waits
{
    private readonly Dictionary<Want, long> _wants = [];

    /// <param name="before">What the row was; null: there was none.</param>
    /// <param name="after">Null: it is gone.</param>
    public void Change(JobRow? before, JobRow? after)
    {
        if (before is not null)
            Add(before, -1);
        if (after is not null)
            Add(after, 1);
    }

    public void Clear() => _wants.Clear();

    /// <summary>Most jobs first.</summary>
    /// <param name="all">Jobs of the whole cloud that have not started.</param>
    /// <param name="truncated">Not all of them have been counted here.</param>
    public IReadOnlyList<WaitCount> View(IReadOnlyList<NodeView> nodes, long all, bool truncated)
    {
        var room = Room.Of(nodes);
        var jobs = new long[Enum.GetValues<WaitReason>().Length];
        foreach (var (want, count) in _wants)
            jobs[(int)(want.Reason ?? room.Lacks(want.Cores))] += count;
        if (truncated)
            jobs[(int)WaitReason.Unknown] = Math.Max(0, all - _wants.Values.Sum());
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
            new Want(WaitReason.Dependencies, 0),
            sign * RowField.Statuses.Count(row, Status.Waiting)
        );
        if (RowField.Statuses.Count(row, Status.Queued) is > 0 and var queued)
            Add(WantOf(row), sign * queued);
    }

    private void Add(Want want, long jobs)
    {
        if (jobs == 0)
            return;
        var count = _wants.GetValueOrDefault(want) + jobs;
        if (count == 0)
            _wants.Remove(want);
        else
            _wants[want] = count;
    }

    // A queued job has the reason for which its last attempt ended.
    private static Want WantOf(JobRow row) =>
        row.Reason?.Code switch
        {
            null or ReasonCode.None => new(null, row.Cores),
            ReasonCode.NodeLost
            or ReasonCode.NodeRestarted
            or ReasonCode.NodeDrained
            or ReasonCode.NodeStopped => new(WaitReason.AnotherNode, 0),
            _ => new(WaitReason.AnotherTry, 0),
        };

    /// <param name="Reason">Null: room for its cores, which is up to the nodes.</param>
    private readonly record struct Want(WaitReason? Reason, int Cores);

    /// <summary>Cores of the ready nodes.</summary>
    /// <param name="Most">Of the largest; 0: no node is ready.</param>
    /// <param name="MostFree">Of the one with most of them free.</param>
    private readonly record struct Room(int Most, int MostFree)
    {
        public static Room Of(IReadOnlyList<NodeView> nodes)
        {
            var (most, free) = (0, 0);
            foreach (var node in nodes)
            {
                if (node.State != "ready")
                    continue;
                var cores = node.Capacity?.Cores ?? 0;
                most = Math.Max(most, cores);
                free = Math.Max(free, cores - (node.InUse?.Cores ?? 0));
            }
            return new(most, free);
        }

        public WaitReason Lacks(int cores) =>
            Most == 0 ? WaitReason.ReadyNode
            : cores > Most ? WaitReason.LargerNode
            : cores > MostFree ? WaitReason.FreeCores
            : WaitReason.Turn;
    }
}
