namespace JobCloud.Node.Executor.Attempts;

/// <summary>When which attempt has run for too long. Attempts that ended before are dropped now and
/// then, so that a long limit of many short jobs costs no memory. Times in ms.</summary>
internal sealed class RuntimeLimits
{
    private const int Smallest = 1_024;
    private readonly PriorityQueue<Attempt, long> _limits = new();
    private int _purgeAbove = Smallest;

    public int Count => _limits.Count;

    /// <summary>The next time at which a limit may be reached; null: there is none.</summary>
    public long? Next => _limits.TryPeek(out _, out var at) ? at : null;

    public void Add(Attempt attempt, long at)
    {
        _limits.Enqueue(attempt, at);
        if (_limits.Count > _purgeAbove)
            Purge();
    }

    /// <summary>Takes out an attempt that has reached its limit; null: none has.</summary>
    public Attempt? TakeDue(long now)
    {
        while (_limits.TryPeek(out var attempt, out var at) && at <= now)
        {
            _limits.Dequeue();
            if (attempt.Living is not null)
                return attempt;
        }
        return null;
    }

    private void Purge()
    {
        var living = _limits
            .UnorderedItems.Where(limit => limit.Element.Living is not null)
            .ToArray();
        _limits.Clear();
        _limits.EnqueueRange(living);
        _purgeAbove = Math.Max(Smallest, 2 * living.Length);
    }
}
