using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Scheduling;

/// <summary>The sort key of a queued job: the lowest goes first. The jid makes it
/// unique.</summary>
internal readonly record struct OrderKey(
    int Priority,
    bool Restarted,
    long Share,
    long Place,
    Jid Jid
) : IComparable<OrderKey>
{
    public static OrderKey Of(Shape shape, IJobOrder order) => Of(shape, shape.Head!, order);

    public static OrderKey Of(Shape shape, QueuedRange range, IJobOrder order) =>
        new(
            shape.Priority,
            shape.Restarted,
            order.Share(shape.Demand.Owner.CoresInUse),
            range.Place,
            new Jid(range.First)
        );

    public bool SameLevel(OrderKey other) =>
        Priority == other.Priority && Restarted == other.Restarted;

    public bool OlderThan(OrderKey other) =>
        Place != other.Place ? Place < other.Place : Jid < other.Jid;

    public int CompareTo(OrderKey other)
    {
        if (Priority != other.Priority)
            return Priority.CompareTo(other.Priority);
        if (Restarted != other.Restarted)
            return Restarted ? -1 : 1;
        if (Share != other.Share)
            return Share.CompareTo(other.Share);
        return Place != other.Place ? Place.CompareTo(other.Place) : Jid.CompareTo(other.Jid);
    }
}
