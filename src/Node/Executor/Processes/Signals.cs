namespace JobCloud.Node.Executor.Processes;

/// <summary>Signals that are to be taken now.</summary>
internal static class Signals
{
    /// <summary>Signals one process, or the group of a negative one.</summary>
    public static void Send(int pid, int signal)
    {
        _ = Libc.kill(pid, signal);
        // A stopped process would take the signal only when somebody continues it.
        if (signal != Libc.SIGKILL)
            _ = Libc.kill(pid, Libc.SIGCONT);
    }

    /// <summary>Whether a process of this group is left.</summary>
    public static bool IsGroupAlive(int group) =>
        Libc.kill(-group, 0) == 0 || Libc.Errno != Libc.ESRCH;
}
