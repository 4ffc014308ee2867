namespace JobCloud.Protocol.Scheduling.Policies;

public sealed class SpreadChoice : INodeChoice
{
    private const long Whole = 1_000_000;

    public string Name => "spread";
    public string Summary => "the node with the largest part of its cores free first";

    public long Score(int coresFree, int cores) => Whole * coresFree / Math.Max(1, cores);

    public int Portion(int jobs, int nodes) => (jobs + nodes - 1) / nodes;
}
