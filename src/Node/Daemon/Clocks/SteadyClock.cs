using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Clocks;

/// <summary>The time for durations within this process. It starts from the wall clock and does not
/// follow when that is set.</summary>
internal sealed class SteadyClock(TimeProvider clock)
{
    private readonly DateTimeOffset _origin = clock.GetUtcNow();
    private readonly long _start = clock.GetTimestamp();

    public DateTimeOffset Instant => _origin + clock.GetElapsedTime(_start);

    /// <summary>In µs.</summary>
    public long Now => Instant.ToMicroseconds();
}
