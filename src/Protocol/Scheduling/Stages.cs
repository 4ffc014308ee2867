namespace JobCloud.Protocol.Scheduling;

/// <summary>The capacity that a pass over the shapes assigns: free capacity first, then
/// prefetch.</summary>
internal interface ICapacity
{
    /// <summary>The capacity left on a node; it cannot take a demand whose <see cref="Need"/> is
    /// greater.</summary>
    int Left(NodeAccount node);
    int Need(Demand demand);
    int Room(NodeAccount node, Demand demand);

    /// <summary>The score of a node; the highest is filled first.</summary>
    long Score(NodeAccount node);
    int Portion(int jobs, int nodes);
}

internal sealed class FreeCapacity(INodeChoice choice) : ICapacity
{
    public int Left(NodeAccount node) => node.CoresFree;

    public int Need(Demand demand) => demand.Cores;

    public int Room(NodeAccount node, Demand demand) => node.RoomNow(demand);

    public long Score(NodeAccount node) => choice.Score(node.CoresFree, node.Cores);

    public int Portion(int jobs, int nodes) => choice.Portion(jobs, nodes);
}

/// <summary>Prefetch, so that a core never waits for a round trip; spread evenly for any choice of
/// nodes.</summary>
internal sealed class PrefetchCapacity(SchedulingLimits limits, long now) : ICapacity
{
    public int Left(NodeAccount node) => node.PrefetchLimit(limits, now) - node.Prefetched;

    public int Need(Demand demand) => 1;

    public int Room(NodeAccount node, Demand demand) =>
        node.PrefetchRoom(demand, node.PrefetchLimit(limits, now));

    public long Score(NodeAccount node) => Left(node);

    public int Portion(int jobs, int nodes) => (int)((jobs + nodes - 1L) / nodes);
}
