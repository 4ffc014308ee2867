namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>The order in which the scheduler audits segments: an audited segment reports all its
/// jobs, which repairs the effect of lost messages.</summary>
internal sealed class SegmentAudit(TimeSpan interval, DateTimeOffset now)
{
    private readonly Queue<long> _turns = [];

    /// <summary>The instant of the next turn.</summary>
    public DateTimeOffset NextAt { get; private set; } = now + interval;

    public void Begin(IEnumerable<long> segments, DateTimeOffset now)
    {
        _turns.Clear();
        foreach (var segment in segments)
            _turns.Enqueue(segment);
        NextAt = now + interval;
    }

    /// <summary>The next segment; null: all were audited, and the list must be renewed.</summary>
    public long? Take(DateTimeOffset now)
    {
        NextAt = now + interval;
        return _turns.TryDequeue(out var segment) ? segment : null;
    }
}
