namespace JobCloud.Protocol.Scheduling;

/// <summary>Consecutive queued jobs of one shape, one age and one segment.</summary>
public sealed class QueuedRange
{
    internal QueuedRange(Shape shape, long first, int count, long created, long notBefore) =>
        (Shape, First, Count, Created, NotBefore) = (shape, first, count, created, notBefore);

    public Shape Shape { get; }
    public long First { get; internal set; }
    public int Count { get; internal set; }
    public long Created { get; }

    /// <summary>The instant (µs) before which they must not start; 0: any time.</summary>
    public long NotBefore { get; }
    public long Last => First + Count - 1;

    /// <summary>Whether it waits for <see cref="NotBefore"/>.</summary>
    internal bool Deferred { get; set; }

    internal static readonly IComparer<QueuedRange> ByAge = Comparer<QueuedRange>.Create(
        static (a, b) =>
        {
            var byCreated = a.Created.CompareTo(b.Created);
            return byCreated != 0 ? byCreated : a.First.CompareTo(b.First);
        }
    );

    internal static readonly IComparer<QueuedRange> ByNotBefore = Comparer<QueuedRange>.Create(
        static (a, b) =>
        {
            var byInstant = a.NotBefore.CompareTo(b.NotBefore);
            return byInstant != 0 ? byInstant : a.First.CompareTo(b.First);
        }
    );
}
