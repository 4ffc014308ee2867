namespace JobCloud.Node.Executor.Cgroups;

/// <summary>What the kernel counted for a cgroup. -1: it does not count that here.</summary>
/// <param name="CpuUs">All CPU time.</param>
/// <param name="UserUs">Of it, as far as is told apart, in programs.</param>
/// <param name="SystemUs">And in the kernel. The two may be coarse, or less than all.</param>
/// <param name="MemoryMaxBytes">The most at a time.</param>
/// <param name="MemoryFailures">How often the limit was hit.</param>
/// <param name="OutOfMemoryKills">How many processes the kernel killed for want of memory.</param>
internal readonly record struct CgroupReading(
    long CpuUs,
    long UserUs,
    long SystemUs,
    long MemoryBytes,
    long MemoryMaxBytes,
    long MemoryFailures,
    long OutOfMemoryKills,
    long SwapBytes,
    long SwapMaxBytes
);
