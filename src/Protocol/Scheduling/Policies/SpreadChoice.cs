namespace JobCloud.Protocol.Scheduling.Policies;

public sealed class SpreadChoice : INodeChoice
{
    private const long Whole = 1_000_000;

    public string Name => "spread";
    public string Summary => "the node with the largest share of free cores first";

    public long Score(int coresFree, int cores) => Whole * coresFree / Math.Max(1, cores);

    /// <summary>Half an even share, so that later portions balance unequal nodes.</summary>
    public int Portion(int jobs, int nodes) =>
        nodes == 1 ? jobs : (int)((jobs + 2L * nodes - 1) / (2L * nodes));
}
