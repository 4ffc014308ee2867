namespace JobCloud.Node.Daemon.Logs;

/// <summary>Bounds what strangers make a node write to its log: so many lines in a span of time,
/// and then how many there were more. For one thread at a time.</summary>
/// <param name="most">Lines in one span.</param>
/// <param name="span">From the first line on.</param>
internal sealed class Babble(int most, TimeSpan span)
{
    private DateTimeOffset _since = DateTimeOffset.MinValue;
    private int _said;

    /// <summary>Whether a line is to be written.</summary>
    /// <param name="untold">Lines that were not written before it.</param>
    public bool Admits(DateTimeOffset now, out int untold)
    {
        untold = 0;
        if (now - _since >= span)
        {
            untold = Math.Max(0, _said - most);
            (_since, _said) = (now, 0);
        }
        return ++_said <= most;
    }
}
