using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Finds the live processes of jobs, including daemons. Used only on the event-loop
/// thread.</summary>
internal static class JobProcesses
{
    public static Dictionary<TrackedAttempt, List<int>> Of(
        IReadOnlySet<TrackedAttempt> wanted,
        ProcessSnapshot snapshot,
        ChildOwners owners,
        long now
    )
    {
        var self = Libc.getpid();
        var processes = wanted.ToDictionary(attempt => attempt, _ => new List<int>());
        owners.FindOwners(now);
        foreach (var (pid, stat) in snapshot.All)
        {
            var child = snapshot.ChildAbove(pid, self);
            if (child == 0 || stat.IsZombie || owners.OwnerOf(child) is not { } owner)
                continue;
            if (processes.TryGetValue(owner, out var pids))
                pids.Add(pid);
        }
        return processes;
    }
}
