namespace JobCloud.Protocol.Scheduling.Policies;

public sealed class PackChoice : INodeChoice
{
    public string Name => "pack";
    public string Summary => "the node with the fewest free cores that can still run the job first";

    public long Score(int coresFree, int cores) => -coresFree;

    public int Portion(int jobs, int nodes) => jobs;
}
