namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// The attempts that wait for room, most urgent first: by priority, restarted ones first, then by
/// age, then by jid.
/// </summary>
public sealed class Backlog
{
    private readonly List<KnownAttempt> waiting = [];

    public int Count => waiting.Count;

    // A new attempt is nearly always the last in order, so adding is nearly always appending.
    public void Add(KnownAttempt attempt)
    {
        var place = waiting.Count;
        if (place > 0 && Order.Compare(waiting[^1], attempt) > 0)
            place = ~waiting.BinarySearch(attempt, Order);
        waiting.Insert(place, attempt);
    }

    public void Remove(KnownAttempt attempt)
    {
        var place = waiting.BinarySearch(attempt, Order);
        if (place >= 0)
            waiting.RemoveAt(place);
    }

    /// <summary>Takes out, in order, all that fit; one that does not holds up none behind it.</summary>
    public void TakeFitting(Room room, List<KnownAttempt> taken)
    {
        var (read, write) = (0, 0);
        for (; read < waiting.Count && room.Any; read++)
        {
            var attempt = waiting[read];
            if (room.TryTake(attempt))
                taken.Add(attempt);
            else
                waiting[write++] = attempt;
        }
        waiting.RemoveRange(write, read - write);
    }

    public IReadOnlyList<KnownAttempt> TakeAll()
    {
        var all = waiting.ToArray();
        waiting.Clear();
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
