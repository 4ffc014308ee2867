using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>The processes of the machine, and after that those in the cgroups of jobs: a process
/// of a job that is in the first list only, and still alive, has left.</summary>
internal sealed record EscapeScan(
    ProcessSnapshot Snapshot,
    IReadOnlyDictionary<
        TrackedAttempt,
        IReadOnlyList<(string Directory, HashSet<int> Pids)>
    > Inside,
    double TookMs
)
{
    /// <summary>Thread-safe.</summary>
    public static EscapeScan Take(IReadOnlyList<(TrackedAttempt Attempt, JobCgroup Cgroup)> watched)
    {
        var watch = Stopwatch.StartNew();
        var snapshot = ProcessSnapshot.Take();
        var inside = new Dictionary<TrackedAttempt, IReadOnlyList<(string, HashSet<int>)>>(
            watched.Count
        );
        foreach (var (attempt, cgroup) in watched)
        {
            var lists = new List<(string, HashSet<int>)>();
            foreach (var directory in cgroup.Directories)
            {
                if (CgroupFolder.Pids(directory) is { } pids)
                    lists.Add((directory, [.. pids]));
            }
            inside.Add(attempt, lists);
        }
        return new(snapshot, inside, watch.Elapsed.TotalMilliseconds);
    }

    /// <summary>The directories of the attempt's cgroup that the process is not in.</summary>
    public IReadOnlyList<string> Missing(TrackedAttempt attempt, int pid)
    {
        if (!Inside.TryGetValue(attempt, out var lists))
            return [];
        List<string>? missing = null;
        foreach (var (directory, pids) in lists)
        {
            if (!pids.Contains(pid))
                (missing ??= []).Add(directory);
        }
        return missing ?? (IReadOnlyList<string>)[];
    }
}
