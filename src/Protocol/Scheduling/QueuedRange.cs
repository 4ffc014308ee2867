namespace JobCloud.Protocol.Scheduling;

/// <summary>Consecutive queued jobs of one shape, one age and one segment.</summary>
public sealed class QueuedRange
{
    internal QueuedRange(
        Shape shape,
        long first,
        int count,
        long place,
        long notBefore,
        long due
    ) =>
        (Shape, First, Count, Place, NotBefore, Due) = (shape, first, count, place, notBefore, due);

    public Shape Shape { get; }
    public long First { get; internal set; }
    public int Count { get; internal set; }

    /// <summary>When it joined the queue, on the scheduler's clock: the lower one goes
    /// first.</summary>
    public long Place { get; }

    /// <summary>The instant (µs) before which they must not start, on the clock of their segment;
    /// 0: any time.</summary>
    public long NotBefore { get; }

    /// <summary>The same instant on the scheduler's clock.</summary>
    public long Due { get; }
    public long Last => First + Count - 1;

    /// <summary>Whether it waits for <see cref="Due"/>.</summary>
    internal bool Deferred { get; set; }

    internal static readonly IComparer<QueuedRange> ByAge = Comparer<QueuedRange>.Create(
        static (a, b) =>
        {
            var byPlace = a.Place.CompareTo(b.Place);
            return byPlace != 0 ? byPlace : a.First.CompareTo(b.First);
        }
    );

    internal static readonly IComparer<QueuedRange> ByDue = Comparer<QueuedRange>.Create(
        static (a, b) =>
        {
            var byInstant = a.Due.CompareTo(b.Due);
            return byInstant != 0 ? byInstant : a.First.CompareTo(b.First);
        }
    );
}
