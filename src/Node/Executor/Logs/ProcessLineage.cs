using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>The pids by which the owner of a process is found.</summary>
/// <param name="Pids">The process and its session. For an exited process: its ancestors up to the
/// first live one, and the session of that one.</param>
/// <param name="FirstAlive">The first live process among them; 0: none.</param>
internal readonly record struct ProcessLineage(IReadOnlyList<int> Pids, int FirstAlive)
{
    /// <summary>Maximum number of exited ancestors to follow.</summary>
    private const int GenerationsMax = 32;

    /// <param name="history">Null: no history is available.</param>
    public static ProcessLineage Of(int pid, ForkHistory? history)
    {
        var pids = new List<int>();
        for (var i = 0; i < GenerationsMax && pid > 0; i++)
        {
            pids.Add(pid);
            var session = Libc.getsid(pid);
            if (session > 0)
                return new([.. pids, session], pid);
            pid = history?.ParentOf(pid) ?? 0;
        }
        return new(pids, 0);
    }
}
