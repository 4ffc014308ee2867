namespace JobCloud.Protocol.Execution;

/// <summary>Decides when a process of a node that a signal has stopped is continued: by one of the
/// other two, because a stopped node, executor or guard would stay so for good.</summary>
/// <param name="Since">When the process was first seen stopped, ms; null: it runs.</param>
public readonly record struct StoppedWatch(long? Since = null)
{
    /// <summary>Interval of the looks, ms.</summary>
    public const long LookMs = 1_000;

    /// <summary>A process may be stopped for this long, ms: for a look at it, for
    /// example.</summary>
    public const long GraceMs = 3_000;

    /// <summary>The watch after a look at <paramref name="now"/> (ms).</summary>
    /// <param name="isDue">Whether the process is to be continued.</param>
    public StoppedWatch Look(bool isStopped, long now, out bool isDue)
    {
        var since = isStopped ? Since ?? now : (long?)null;
        isDue = now - since >= GraceMs;
        return new(since);
    }
}
