namespace JobCloud.Protocol.Scheduling;

/// <summary>The cores and the memory that jobs of a node hold together. Memory without a limit is
/// a share of what the node offers, so it follows the node's newest offer.</summary>
internal record struct HeldResources
{
    private int _sharingCores;
    private long _limitedMemory;

    public int Cores { get; private set; }

    /// <summary>Bytes on a node with this capacity.</summary>
    public readonly long Memory(int nodeCores, long nodeMemory) =>
        _limitedMemory + PlacementSize.Memory(0, _sharingCores, nodeCores, nodeMemory);

    /// <param name="jobs">Negative: they end.</param>
    public void Add(Demand demand, int jobs)
    {
        Cores += demand.Cores * jobs;
        _limitedMemory += demand.Memory * jobs;
        if (demand.Memory == 0)
            _sharingCores += demand.Cores * jobs;
    }
}
