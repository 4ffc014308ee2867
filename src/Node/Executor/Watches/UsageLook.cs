using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;

namespace JobCloud.Node.Executor.Watches;

/// <summary>What one look at all jobs showed.</summary>
/// <param name="Counted">What the cgroups of jobs counted.</param>
/// <param name="Snapshot">Null: each job has a cgroup.</param>
/// <param name="Swap">Of processes below this one, where swap is in use, bytes.</param>
/// <param name="OwnPeakBytes">Of this process; only with a snapshot.</param>
internal sealed record UsageLook(
    IReadOnlyList<(Attempt Attempt, CgroupReading Reading)> Counted,
    ProcessSnapshot? Snapshot,
    IReadOnlyDictionary<int, long> Swap,
    long OwnPeakBytes,
    double TookMs
)
{
    private static readonly int Self = Libc.getpid();

    /// <summary>Looks. For any thread.</summary>
    /// <param name="held">Attempts and the cgroups that hold them.</param>
    /// <param name="needsSnapshot">There are others.</param>
    public static UsageLook Take(
        IReadOnlyList<(Attempt Attempt, JobCgroup Cgroup)> held,
        bool needsSnapshot
    )
    {
        var watch = Stopwatch.StartNew();
        var counted = new List<(Attempt, CgroupReading)>(held.Count);
        foreach (var (attempt, cgroup) in held)
        {
            cgroup.Settle();
            counted.Add((attempt, cgroup.Read()));
        }
        var snapshot = needsSnapshot ? ProcessSnapshot.Take() : null;
        var swap = snapshot is not null && MemoryFiles.IsSwapInUse() ? SwapOf(snapshot) : [];
        var peak = needsSnapshot ? MemoryFiles.PeakOfSelf() : 0;
        return new(counted, snapshot, swap, peak, watch.Elapsed.TotalMilliseconds);
    }

    /// <summary>Sums up by attempt what the living processes of the snapshot use.</summary>
    /// <param name="ownerOf">Whose a child of the executor is; null: no job's.</param>
    public Dictionary<StartedJob, UsageSums> Sum(Func<int, Attempt?> ownerOf)
    {
        var sums = new Dictionary<StartedJob, UsageSums>();
        if (Snapshot is null)
            return sums;
        foreach (var (pid, stat) in Snapshot.All)
        {
            var child = Snapshot.ChildAbove(pid, Self);
            if (child == 0 || stat.IsZombie || ownerOf(child)?.Living is not { Cgroup: null } job)
                continue;
            sums[job] = sums.GetValueOrDefault(job).And(stat, Swap.GetValueOrDefault(pid));
        }
        return sums;
    }

    private static Dictionary<int, long> SwapOf(ProcessSnapshot snapshot) =>
        snapshot
            .All.Keys.Where(pid => snapshot.ChildAbove(pid, Self) != 0)
            .ToDictionary(pid => pid, MemoryFiles.SwapOf);
}

/// <summary>Sums over the living processes of a job.</summary>
internal readonly record struct UsageSums(long UserTicks, long SystemTicks, long Pages, long Swap)
{
    public UsageSums And(in ProcessStat stat, long swap) =>
        new(
            UserTicks + stat.UserTicks,
            SystemTicks + stat.SystemTicks,
            Pages + stat.ResidentPages,
            Swap + swap
        );
}
