namespace JobCloud.Node.Daemon.Agents;

/// <summary>The attempts that wait for free resources, most urgent first: by priority, restarted
/// ones first, then by age and by jid.</summary>
internal sealed class Backlog
{
    private readonly List<KnownAttempt> _waiting = [];

    public int Count => _waiting.Count;

    // A new attempt is nearly always the last in order, so adding is nearly always appending.
    public void Add(KnownAttempt attempt)
    {
        var place = _waiting.Count;
        if (place > 0 && Order.Compare(_waiting[^1], attempt) > 0)
            place = ~_waiting.BinarySearch(attempt, Order);
        _waiting.Insert(place, attempt);
    }

    public void Remove(KnownAttempt attempt)
    {
        var place = _waiting.BinarySearch(attempt, Order);
        if (place >= 0)
            _waiting.RemoveAt(place);
    }

    /// <summary>Removes, in order, all attempts that fit; one that does not fit blocks none behind
    /// it.</summary>
    public void TakeFitting(FreeResources room, List<KnownAttempt> taken)
    {
        var (read, write) = (0, 0);
        for (; read < _waiting.Count && room.Any; read++)
        {
            var attempt = _waiting[read];
            if (room.TryTake(attempt))
                taken.Add(attempt);
            else
                _waiting[write++] = attempt;
        }
        _waiting.RemoveRange(write, read - write);
    }

    public IReadOnlyList<KnownAttempt> TakeAll()
    {
        var all = _waiting.ToArray();
        _waiting.Clear();
        return all;
    }

    private static readonly Comparer<KnownAttempt> Order = Comparer<KnownAttempt>.Create(
        (a, b) =>
        {
            if (a.Priority != b.Priority)
                return a.Priority.CompareTo(b.Priority);
            if (a.Restarted != b.Restarted)
                return a.Restarted ? -1 : 1;
            if (a.Created != b.Created)
                return a.Created.CompareTo(b.Created);
            return a.Id.Jid != b.Id.Jid
                ? a.Id.Jid.CompareTo(b.Id.Jid)
                : a.Id.Number.CompareTo(b.Id.Number);
        }
    );
}
