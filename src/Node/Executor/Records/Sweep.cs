using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Records;

/// <summary>Kills the processes that an earlier executor of this home left, before the first new
/// job starts.</summary>
internal static class Sweep
{
    private const int PauseMs = 5;

    /// <summary>Kills all leftover processes; returns their number.</summary>
    public static int KillLeftovers(
        RecordContent record,
        string boot,
        string home,
        ExecutorLimits limits,
        ExecutorLog log
    )
    {
        if (record.Boot == boot && record.Node is { } node)
            StopNode(node, limits.NodeStopMs);
        var started = record.Boot == boot ? record.Running : [];
        var deadline = Clock.NowMs() + HomeFolders.KillTimeoutMs;
        var killed = new HashSet<int>();
        List<int> found;
        while ((found = Leftovers(started, home)).Count > 0 && Clock.NowMs() < deadline)
        {
            foreach (var pid in found)
            {
                _ = Libc.kill(pid, Libc.SIGKILL);
                killed.Add(pid);
            }
            Thread.Sleep(PauseMs);
        }
        if (found.Count > 0)
            log.Write(
                $"{found.Count} processes of earlier jobs survived SIGKILL: {string.Join(' ', found)}"
            );
        return killed.Count;
    }

    /// <summary>The recorded processes, those with the mark of this home, and their
    /// descendants.</summary>
    private static List<int> Leftovers(IReadOnlyCollection<RecordedStart> started, string home)
    {
        var snapshot = ProcessSnapshot.Take();
        var self = Libc.getpid();
        var roots = started
            .Where(s => IsSame(snapshot, s.Pid, s.TickFirst, s.TickLast))
            .Select(s => s.Pid)
            .Concat(snapshot.All.Keys.Where(pid => ProcessMark.Of(pid, home, out _) is not null))
            .ToHashSet();
        return
        [
            .. snapshot
                .All.Values.Where(stat => !stat.IsZombie && stat.Pid != self)
                .Where(stat => DescendsFrom(snapshot, stat.Pid, roots, self))
                .Select(stat => stat.Pid),
        ];
    }

    /// <summary>Whether the process or an ancestor is among the roots. Descendants of this executor
    /// are not, even if a job of the earlier executor started it.</summary>
    private static bool DescendsFrom(ProcessSnapshot all, int pid, HashSet<int> roots, int self)
    {
        for (var steps = 0; steps < all.All.Count && pid != self; steps++)
        {
            if (roots.Contains(pid))
                return true;
            if (!all.All.TryGetValue(pid, out var stat))
                return false;
            pid = stat.Parent;
        }
        return false;
    }

    private static bool IsSame(ProcessSnapshot all, int pid, long first, long last) =>
        all.All.TryGetValue(pid, out var stat) && stat.StartTick >= first && stat.StartTick <= last;

    /// <summary>Stops the node of an earlier executor, which must not share the store with the next
    /// one.</summary>
    private static void StopNode(RecordedNode node, long graceMs)
    {
        var deadline = Clock.NowMs() + graceMs;
        if (RecordedProcess.Find(node) is not null)
            _ = Libc.kill(node.Pid, Libc.SIGTERM);
        while (RecordedProcess.Find(node) is { } stat)
        {
            // A stopped node would not heed the first signal.
            if (stat.IsStopped || Clock.NowMs() >= deadline)
                _ = Libc.kill(node.Pid, Libc.SIGKILL);
            Thread.Sleep(PauseMs);
        }
    }
}
