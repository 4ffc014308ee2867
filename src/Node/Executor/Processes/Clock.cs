namespace JobCloud.Node.Executor.Processes;

/// <summary>The executor's two clocks.</summary>
internal static class Clock
{
    /// <summary>Milliseconds since boot, including sleep: a machine that slept past its lease must
    /// fence itself when it wakes.</summary>
    public static long NowMs() => BootUs() / 1_000;

    /// <summary>The wall-clock time in microseconds since 1970-01-01T00:00Z.</summary>
    public static long WallUs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;

    public static Moment Now() => new(BootUs(), WallUs());

    private static long BootUs() => Libc.BootTimeNs() / 1_000;
}

/// <summary>The readings of both clocks at one time.</summary>
/// <param name="BootUs">µs since boot, including sleep.</param>
internal readonly record struct Moment(long BootUs, long WallUs)
{
    public long Ms => BootUs / 1_000;

    /// <summary>This moment on the wall clock as it was at an earlier one: the time between the two
    /// is right, even if the wall clock was set meanwhile.</summary>
    public long WallUsSince(Moment earlier) =>
        earlier.WallUs + Math.Max(0, BootUs - earlier.BootUs);
}
