using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Kills the processes that an earlier executor left in the cgroups of this
/// home.</summary>
internal static class CgroupSweep
{
    private const int PauseMs = 5;

    /// <summary>Kills the processes in the jobs' cgroups below these parents and removes the
    /// cgroups; true: none is left.</summary>
    public static bool Run(IReadOnlyCollection<string> parents, long timeoutMs)
    {
        var deadline = Clock.NowMs() + timeoutMs;
        while (true)
        {
            var left = parents.SelectMany(CgroupFolder.Below).Where(IsOfJob).ToArray();
            foreach (var folder in left)
            {
                foreach (var pid in CgroupFolder.Pids(folder) ?? [])
                {
                    if (pid != Libc.getpid())
                        _ = Libc.kill(pid, Libc.SIGKILL);
                }
            }
            if (left.Count(folder => !CgroupFolder.TryRemove(folder)) == 0)
                return true;
            if (Clock.NowMs() >= deadline)
                return false;
            Thread.Sleep(PauseMs);
        }
    }

    private static bool IsOfJob(string folder) => Path.GetFileName(folder) != V2Tree.ExecutorLeaf;
}
