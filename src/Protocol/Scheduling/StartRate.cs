namespace JobCloud.Protocol.Scheduling;

/// <summary>How many jobs a node starts a second: as many as end there, over the last whole window or the present one.</summary>
internal sealed class StartRate
{
    private const long Window = 100_000;

    private long windowStart;
    private long count;
    private double perMicrosecond;

    public void Count(long now)
    {
        Roll(now);
        count++;
    }

    /// <summary>Starts to be expected within a span of microseconds.</summary>
    public double Within(long span, long now)
    {
        Roll(now);
        return Math.Max(perMicrosecond, (double)count / Window) * span;
    }

    private void Roll(long now)
    {
        var elapsed = now - windowStart;
        if (elapsed is >= 0 and < Window)
            return;
        perMicrosecond = elapsed > 0 ? (double)count / elapsed : 0;
        (windowStart, count) = (now, 0);
    }
}
