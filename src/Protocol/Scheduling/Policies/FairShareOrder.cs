namespace JobCloud.Protocol.Scheduling.Policies;

public sealed class FairShareOrder : IJobOrder
{
    public string Name => "fair-share";
    public string Summary => "the owner with the fewest cores in use first, then the oldest job";

    public long Share(long coresInUse) => coresInUse;
}
