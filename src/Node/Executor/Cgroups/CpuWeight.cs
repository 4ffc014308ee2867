namespace JobCloud.Node.Executor.Cgroups;

/// <summary>How much of a busy machine a cgroup gets beside others.</summary>
internal static class CpuWeight
{
    /// <summary>Of a core, in cpu.shares (v1) and cpu.weight (v2).</summary>
    private const long SharesOfCore = 1024,
        WeightOfCore = 100;

    private const long SharesMax = 262_144,
        WeightMax = 10_000;

    /// <summary>What one step of nice takes away (sched(7)).</summary>
    private const double NiceRatio = 1.25;

    public static long SharesOf(int cores) => Math.Min(SharesMax, SharesOfCore * cores);

    public static long WeightOf(int cores) => Math.Min(WeightMax, WeightOfCore * cores);

    /// <summary>Of all jobs together: nice counts only within a cgroup, so that the cloud itself
    /// stays quick by this. As many niced processes as the machine has cores.</summary>
    public static long SharesOfAll(int niceStep) =>
        (long)Math.Max(2, SharesOf(Environment.ProcessorCount) / Math.Pow(NiceRatio, niceStep));

    public static long WeightOfAll(int niceStep) =>
        (long)Math.Max(1, WeightOf(Environment.ProcessorCount) / Math.Pow(NiceRatio, niceStep));
}
