namespace JobCloud.Node.Executor.Processes;

/// <summary>The executor's two clocks.</summary>
internal static class Clock
{
    /// <summary>Milliseconds since boot, including sleep: a machine that slept past its lease must
    /// fence itself when it wakes.</summary>
    public static long NowMs() => Libc.BootTimeNs() / 1_000_000;

    /// <summary>The wall-clock time in microseconds since 1970-01-01T00:00Z.</summary>
    public static long WallUs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;

    public static Moment Now() => new(NowMs(), WallUs());
}

/// <summary>The readings of both clocks at one time.</summary>
internal readonly record struct Moment(long Ms, long WallUs);
