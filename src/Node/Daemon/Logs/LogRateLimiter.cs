namespace JobCloud.Node.Daemon.Logs;

/// <summary>Limits the log lines that unauthenticated traffic causes: at most a number of lines per
/// span of time, and then the number left out. Not thread-safe.</summary>
/// <param name="most">Lines per span.</param>
/// <param name="span">Starts with the first line.</param>
internal sealed class LogRateLimiter(int most, TimeSpan span)
{
    private DateTimeOffset _since = DateTimeOffset.MinValue;
    private int _count;

    /// <summary>Whether a line may be written.</summary>
    /// <param name="omitted">Lines left out before this one.</param>
    public bool Admits(DateTimeOffset now, out int omitted)
    {
        omitted = 0;
        if (now - _since >= span)
        {
            omitted = Math.Max(0, _count - most);
            (_since, _count) = (now, 0);
        }
        return ++_count <= most;
    }
}
