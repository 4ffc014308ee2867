namespace JobCloud.Protocol.Wire;

/// <summary>Converts instants and durations of .NET to those of messages and the store:
/// microseconds, instants since 1970-01-01T00:00Z.</summary>
public static class Microseconds
{
    public static long NowMicroseconds(this TimeProvider clock) =>
        clock.GetUtcNow().ToMicroseconds();

    public static long ToMicroseconds(this DateTimeOffset instant) =>
        (instant - DateTimeOffset.UnixEpoch).ToMicroseconds();

    public static long ToMicroseconds(this TimeSpan span) =>
        span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(long micros) =>
        DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(micros);
}
