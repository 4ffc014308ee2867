using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Records;

/// <summary>Ends what an earlier executor of this home left behind: nothing of it may live when the
/// first new job starts.</summary>
internal static class Sweep
{
    private const int PauseMs = 5;

    /// <summary>Kills all leftover processes; returns how many there were.</summary>
    public static int KillLeftovers(
        RecordContent record,
        string boot,
        string home,
        ExecutorLimits limits,
        ExecutorLog log
    )
    {
        if (record.Boot == boot && record.Node is { } node)
            EndNode(node, limits.NodeStopMs);
        var started = record.Boot == boot ? record.Running : [];
        var deadline = Clock.NowMs() + HomeFolders.LeftoversDieWithinMs;
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
                $"{found.Count} processes of earlier jobs do not die: {string.Join(' ', found)}"
            );
        return killed.Count;
    }

    /// <summary>Processes that were started or that bear the mark of this home, and all that
    /// descend from them.</summary>
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

    /// <summary>Whether it or an ancestor is among the roots; what is below this executor is not,
    /// even where a job of the earlier one started it.</summary>
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

    /// <summary>An earlier executor's node must not share the store with the next one.</summary>
    private static void EndNode(RecordedNode node, long graceMs)
    {
        bool Lives() =>
            ProcessStat.Read(node.Pid) is { IsZombie: false } stat
            && stat.StartTick >= node.TickFirst
            && stat.StartTick <= node.TickLast;
        var deadline = Clock.NowMs() + graceMs;
        if (Lives())
            _ = Libc.kill(node.Pid, Libc.SIGTERM);
        while (Lives())
        {
            if (Clock.NowMs() >= deadline)
                _ = Libc.kill(node.Pid, Libc.SIGKILL);
            Thread.Sleep(PauseMs);
        }
    }
}
