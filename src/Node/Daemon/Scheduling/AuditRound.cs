namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Whose turn it is to tell all it has, so that whatever a lost message hid comes to
/// light.</summary>
internal sealed class AuditRound(TimeSpan interval, DateTimeOffset now)
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

    /// <summary>The segment whose turn it is; null: all have had theirs, the list is to be
    /// renewed.</summary>
    public long? Take(DateTimeOffset now)
    {
        NextAt = now + interval;
        return _turns.TryDequeue(out var segment) ? segment : null;
    }
}
