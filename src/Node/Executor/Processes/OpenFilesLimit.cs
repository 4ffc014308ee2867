namespace JobCloud.Node.Executor.Processes;

/// <summary>The number of files that a process may have open: raised for the executor as far as it
/// may, and given to its children as it was.</summary>
internal static unsafe class OpenFilesLimit
{
    private const int ThisProcess = 0;

    private static Libc.ResourceLimit? _inherited;

    /// <summary>The limit of this process once it is raised.</summary>
    public static long Raised
    {
        get
        {
            Libc.ResourceLimit found;
            return Libc.prlimit(ThisProcess, Libc.RLIMIT_NOFILE, null, &found) == 0
                ? (long)Math.Min(found.Hard, long.MaxValue)
                : long.MaxValue;
        }
    }

    /// <summary>Raises the limit of this process; called once, before it starts others.</summary>
    public static void Raise()
    {
        Libc.ResourceLimit found;
        if (
            Libc.prlimit(ThisProcess, Libc.RLIMIT_NOFILE, null, &found) != 0
            || found.Soft >= found.Hard
        )
            return;
        var raised = found with { Soft = found.Hard };
        if (Libc.prlimit(ThisProcess, Libc.RLIMIT_NOFILE, &raised, null) == 0)
            _inherited = found;
    }

    /// <summary>Programs may rely on a low limit, such as those that use select(2) or close all
    /// descriptors.</summary>
    public static void GiveBack(int child)
    {
        if (_inherited is { } limit)
            _ = Libc.prlimit(child, Libc.RLIMIT_NOFILE, &limit, null);
    }
}
