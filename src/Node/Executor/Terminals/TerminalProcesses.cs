using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>The processes of a terminal: the session of its first process and the descendants of
/// that process. A daemon that left both belongs to the job. Used only on the terminal's
/// thread.</summary>
internal sealed class TerminalProcesses(SpawnResult first)
{
    private readonly Dictionary<int, long> _found = [];

    /// <summary>Sends SIGHUP to all processes.</summary>
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

    /// <summary>Whether a process found so far is alive.</summary>
    public bool AnyLeft() => _found.Any(IsSame);

    private void Signal(int signal)
    {
        foreach (var process in _found)
        {
            if (IsSame(process))
                ProcessSignals.Send(process.Key, signal);
        }
    }

    private void Find()
    {
        var snapshot = ProcessSnapshot.Take();
        // The pid may be reused once the process was reaped and its session is empty.
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
