namespace JobCloud.Protocol.Scheduling.Policies;

public sealed class FifoOrder : IJobOrder
{
    public string Name => "fifo";
    public string Summary => "the oldest job first, regardless of its owner";

    public long Share(long coresInUse) => 0;
}
