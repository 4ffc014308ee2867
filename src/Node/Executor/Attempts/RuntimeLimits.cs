namespace JobCloud.Node.Executor.Attempts;

/// <summary>The times at which attempts exceed their max runtime, in ms. Ended attempts are purged
/// now and then, so that many short jobs with a long limit cost no memory.</summary>
internal sealed class RuntimeLimits
{
    private const int MinPurgeSize = 1_024;
    private readonly PriorityQueue<TrackedAttempt, long> _limits = new();
    private int _purgeAbove = MinPurgeSize;

    public int Count => _limits.Count;

    /// <summary>The next time at which a limit may be reached; null: none is set.</summary>
    public long? Next => _limits.TryPeek(out _, out var at) ? at : null;

    public void Add(TrackedAttempt attempt, long at)
    {
        _limits.Enqueue(attempt, at);
        if (_limits.Count > _purgeAbove)
            Purge();
    }

    /// <summary>Removes and returns an attempt that reached its limit; null: none has.</summary>
    public TrackedAttempt? TakeDue(long now)
    {
        while (_limits.TryPeek(out var attempt, out var at) && at <= now)
        {
            _limits.Dequeue();
            if (attempt.LiveJob is not null)
                return attempt;
        }
        return null;
    }

    private void Purge()
    {
        var live = _limits
            .UnorderedItems.Where(limit => limit.Element.LiveJob is not null)
            .ToArray();
        _limits.Clear();
        _limits.EnqueueRange(live);
        _purgeAbove = Math.Max(MinPurgeSize, 2 * live.Length);
    }
}
