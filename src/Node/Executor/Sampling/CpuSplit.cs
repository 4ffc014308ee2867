namespace JobCloud.Node.Executor.Sampling;

/// <summary>CPU time that is known in all, told apart by what is known of its parts.</summary>
internal static class CpuSplit
{
    /// <summary>The exact total in the ratio of the parts, which may be coarse or lack something;
    /// without any it counts as time in programs.</summary>
    public static (long UserUs, long SystemUs) Of(long totalUs, long userUs, long systemUs)
    {
        var known = userUs + systemUs;
        if (known <= 0)
            return (totalUs, 0);
        var system = (long)(totalUs * ((double)systemUs / known));
        return (totalUs - system, system);
    }
}
