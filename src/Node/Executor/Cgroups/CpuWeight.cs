namespace JobCloud.Node.Executor.Cgroups;

/// <summary>A cgroup's relative CPU share on a busy machine.</summary>
internal static class CpuWeight
{
    /// <summary>The weight of one core in cpu.shares (v1) and cpu.weight (v2).</summary>
    private const long SharesOfCore = 1024,
        WeightOfCore = 100;

    private const long SharesMax = 262_144,
        WeightMax = 10_000;

    public static long SharesOf(int cores) => Math.Min(SharesMax, SharesOfCore * cores);

    public static long WeightOf(int cores) => Math.Min(WeightMax, WeightOfCore * cores);

    /// <summary>The weight of all jobs together, regardless of their number: that of two ordinary
    /// processes per core.</summary>
    public static long SharesOfAll => SharesOf(2 * Environment.ProcessorCount);

    public static long WeightOfAll => WeightOf(2 * Environment.ProcessorCount);
}
