namespace JobCloud.Protocol.Scheduling;

/// <summary>What a job counts as on a node. A job without a limit of cores counts as one core; one
/// without a limit of memory, as the share of the node's memory that belongs to its
/// cores.</summary>
public static class PlacementSize
{
    /// <param name="limit">0: none.</param>
    public static int Cores(int limit) => Math.Max(1, limit);

    /// <summary>Bytes on a node with this capacity.</summary>
    /// <param name="limit">0: none.</param>
    /// <param name="cores">What the job counts as.</param>
    public static long Memory(long limit, int cores, int nodeCores, long nodeMemory) =>
        limit > 0 ? limit
        : nodeCores > 0 ? nodeMemory / nodeCores * cores
        : 0;
}
