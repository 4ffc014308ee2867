namespace JobCloud.Node.Executor.Sampling;

/// <summary>Splits an exact total of CPU time into user and system time.</summary>
internal static class CpuSplit
{
    /// <summary>Splits the total in the ratio of the parts, which may be coarse or incomplete;
    /// without parts, all counts as user time.</summary>
    public static (long UserUs, long SystemUs) Of(long totalUs, long userUs, long systemUs)
    {
        var known = userUs + systemUs;
        if (known <= 0)
            return (totalUs, 0);
        var system = (long)(totalUs * ((double)systemUs / known));
        return (totalUs - system, system);
    }
}
