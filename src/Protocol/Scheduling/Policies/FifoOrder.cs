namespace JobCloud.Protocol.Scheduling.Policies;

public sealed class FifoOrder : IJobOrder
{
    public string Name => "fifo";
    public string Summary => "the oldest job first, whoever owns it";

    public long Share(long coresInUse) => 0;
}
