using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>The result of one sampling pass over all jobs.</summary>
/// <param name="Counted">The readings of the jobs' cgroups.</param>
/// <param name="Snapshot">Null: each job has a cgroup.</param>
/// <param name="Swap">Swap of the executor's descendants, bytes; empty unless swap is in
/// use.</param>
/// <param name="OwnPeakBytes">The executor's peak memory; only with a snapshot.</param>
internal sealed record UsageScan(
    IReadOnlyList<(TrackedAttempt Attempt, CgroupReading Reading)> Counted,
    ProcessSnapshot? Snapshot,
    IReadOnlyDictionary<int, long> Swap,
    long OwnPeakBytes,
    double TookMs
)
{
    private static readonly int Self = Libc.getpid();

    /// <summary>Takes the sample. Thread-safe.</summary>
    /// <param name="held">Attempts that have cgroups, with their cgroups.</param>
    /// <param name="needsSnapshot">Whether there are attempts without a cgroup.</param>
    public static UsageScan Take(
        IReadOnlyList<(TrackedAttempt Attempt, JobCgroup Cgroup)> held,
        bool needsSnapshot
    )
    {
        var watch = Stopwatch.StartNew();
        var counted = new List<(TrackedAttempt, CgroupReading)>(held.Count);
        foreach (var (attempt, cgroup) in held)
        {
            cgroup.SetLimits();
            counted.Add((attempt, cgroup.Read()));
        }
        var snapshot = needsSnapshot ? ProcessSnapshot.Take() : null;
        var swap = snapshot is not null && MemoryFiles.IsSwapInUse() ? SwapOf(snapshot) : [];
        var peak = needsSnapshot ? MemoryFiles.PeakOfSelf() : 0;
        return new(counted, snapshot, swap, peak, watch.Elapsed.TotalMilliseconds);
    }

    /// <summary>Sums the usage of the processes in the snapshot by attempt. The CPU time of a
    /// zombie counts: its parent's does not include it yet.</summary>
    /// <param name="ownerOf">Returns the owner of a child of the executor; null: the child belongs
    /// to no job.</param>
    public Dictionary<StartedJob, UsageSums> Sum(Func<int, TrackedAttempt?> ownerOf)
    {
        var sums = new Dictionary<StartedJob, UsageSums>();
        if (Snapshot is null)
            return sums;
        foreach (var (pid, stat) in Snapshot.All)
        {
            var child = Snapshot.ChildAbove(pid, Self);
            if (child == 0 || ownerOf(child)?.LiveJob is not { Cgroup: null } job)
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

/// <summary>The sums over the live processes of a job.</summary>
internal readonly record struct UsageSums(
    long UserTicks,
    long SystemTicks,
    long Pages,
    long Swap,
    long Threads
)
{
    public UsageSums And(in ProcessStat stat, long swap) =>
        new(
            UserTicks + stat.UserTicks,
            SystemTicks + stat.SystemTicks,
            Pages + stat.ResidentPages,
            Swap + swap,
            Threads + stat.Threads
        );
}
