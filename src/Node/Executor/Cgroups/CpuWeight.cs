namespace JobCloud.Node.Executor.Cgroups;

/// <summary>How much of a busy machine a cgroup gets beside others.</summary>
internal static class CpuWeight
{
    /// <summary>Of a core, in cpu.shares (v1) and cpu.weight (v2).</summary>
    private const long SharesOfCore = 1024,
        WeightOfCore = 100;

    private const long SharesMax = 262_144,
        WeightMax = 10_000;

    public static long SharesOf(int cores) => Math.Min(SharesMax, SharesOfCore * cores);

    public static long WeightOf(int cores) => Math.Min(WeightMax, WeightOfCore * cores);

    /// <summary>Of all jobs together, whatever their number: as two ordinary processes a
    /// core.</summary>
    public static long SharesOfAll => SharesOf(2 * Environment.ProcessorCount);

    public static long WeightOfAll => WeightOf(2 * Environment.ProcessorCount);
}
