namespace JobCloud.Node.Executor.Processes;

/// <summary>Sends signals that take effect at once.</summary>
internal static class ProcessSignals
{
    /// <summary>Signals a process, or the group of a negative pid.</summary>
    public static void Send(int pid, int signal)
    {
        _ = Libc.kill(pid, signal);
        // A stopped process would handle the signal only after SIGCONT.
        if (signal != Libc.SIGKILL)
            _ = Libc.kill(pid, Libc.SIGCONT);
    }

    /// <summary>Whether a process group has live processes.</summary>
    public static bool IsGroupAlive(int group) =>
        Libc.kill(-group, 0) == 0 || Libc.Errno != Libc.ESRCH;
}
