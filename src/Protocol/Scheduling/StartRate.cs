namespace JobCloud.Protocol.Scheduling;

/// <summary>The rate at which a node starts jobs. It equals the rate of ends there, in the last
/// complete window or the current one.</summary>
internal sealed class StartRate
{
    private const long Window = 100_000;

    private long _windowStart;
    private long _count;
    private double _perMicrosecond;

    public void Count(long now)
    {
        Roll(now);
        _count++;
    }

    /// <summary>The expected starts within a number of microseconds.</summary>
    public double Within(long span, long now)
    {
        Roll(now);
        return Math.Max(_perMicrosecond, (double)_count / Window) * span;
    }

    private void Roll(long now)
    {
        var elapsed = now - _windowStart;
        if (elapsed is >= 0 and < Window)
            return;
        _perMicrosecond = elapsed > 0 ? (double)_count / elapsed : 0;
        (_windowStart, _count) = (now, 0);
    }
}
