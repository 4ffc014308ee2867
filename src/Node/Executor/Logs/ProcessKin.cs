using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>By whom it is known whose a process is, as long as it can be told.</summary>
/// <param name="Pids">Itself and its session; of one that is gone, those that it came from, and the
/// session of the first of them that lives.</param>
/// <param name="Living">The first of them that lives; 0: none.</param>
internal readonly record struct ProcessKin(IReadOnlyList<int> Pids, int Living)
{
    /// <summary>Of those that are gone, within the history.</summary>
    private const int GenerationsMax = 32;

    /// <param name="history">Null: there is none.</param>
    public static ProcessKin Of(int pid, ForkHistory? history)
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
