using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Records;

/// <summary>A process of an earlier executor, as its record names it.</summary>
internal static class RecordedProcess
{
    /// <summary>Returns its state; null: it is dead, or its pid belongs to another
    /// process.</summary>
    public static ProcessStat? Find(RecordedNode? recorded) =>
        recorded is not null
        && ProcessStat.Read(recorded.Pid) is { IsZombie: false } stat
        && stat.StartTick >= recorded.TickFirst
        && stat.StartTick <= recorded.TickLast
            ? stat
            : null;

    /// <summary>Kills it if it is alive.</summary>
    public static void Kill(RecordedNode? recorded)
    {
        if (Find(recorded) is { } stat)
            _ = Libc.kill(stat.Pid, Libc.SIGKILL);
    }

    /// <summary>Kills it if a signal has stopped it: it would hold what it has for good.</summary>
    public static void KillIfStopped(RecordedNode? recorded)
    {
        if (Find(recorded) is { IsStopped: true })
            Kill(recorded);
    }
}
