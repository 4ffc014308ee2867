namespace JobCloud.Node.Executor.Processes;

/// <summary>Clock ticks, the unit of times in /proc/PID/stat.</summary>
internal static class Ticks
{
    public static readonly long PerSecond = Libc.sysconf(Libc.SC_CLK_TCK);

    /// <summary>Ticks since boot.</summary>
    public static long Now() => Libc.BootTimeNs() / (1_000_000_000 / PerSecond);

    public static long Microseconds(long ticks) => ticks * (1_000_000 / PerSecond);
}
