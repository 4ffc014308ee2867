using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>What a terminal's process started and did not let go of: its session, and what descends
/// from it. A daemon that found its way out of both is the job's. For the terminal's
/// thread.</summary>
internal sealed class TerminalProcesses(Spawned first)
{
    private readonly Dictionary<int, long> _found = [];

    /// <summary>Sends SIGHUP to all of them.</summary>
    public void HangUp()
    {
        Find();
        Signal(Libc.SIGHUP);
    }

    public void Kill()
    {
        Find();
        Signal(Libc.SIGKILL);
    }

    /// <summary>Whether one of those that were hung up still lives.</summary>
    public bool AnyLeft() => _found.Any(IsSame);

    private void Signal(int signal)
    {
        foreach (var process in _found)
        {
            if (IsSame(process))
                Signals.Send(process.Key, signal);
        }
    }

    private void Find()
    {
        var snapshot = ProcessSnapshot.Take();
        // Once it was reaped, and nothing of its session is left, its pid may be another's.
        var isOurs =
            !snapshot.All.TryGetValue(first.Pid, out var leader)
            || leader.StartTick >= first.TickFirst && leader.StartTick <= first.TickLast;
        if (!isOurs)
            return;
        foreach (var (pid, stat) in snapshot.All)
        {
            if (Libc.getsid(pid) == first.Pid || snapshot.DescendsFrom(pid, first.Pid))
                _found[pid] = stat.StartTick;
        }
    }

    private static bool IsSame(KeyValuePair<int, long> process) =>
        ProcessStat.Read(process.Key) is { IsZombie: false } stat
        && stat.StartTick == process.Value;
}
