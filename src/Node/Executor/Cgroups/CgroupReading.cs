namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The kernel's counters of a cgroup. -1: not counted here.</summary>
/// <param name="CpuUs">Total CPU time.</param>
/// <param name="UserUs">The part of it spent in user mode.</param>
/// <param name="SystemUs">The part of it spent in the kernel. Both parts may be coarse, or add up
/// to less than the total.</param>
/// <param name="MemoryMaxBytes">Peak memory use.</param>
/// <param name="MemoryFailures">The number of times the limit was hit.</param>
/// <param name="OutOfMemoryKills">The number of processes that the kernel killed for lack of
/// memory.</param>
/// <param name="ReachedProcessLimit">Whether the limit of processes was reached.</param>
internal readonly record struct CgroupReading(
    long CpuUs,
    long UserUs,
    long SystemUs,
    long MemoryBytes,
    long MemoryMaxBytes,
    long MemoryFailures,
    long OutOfMemoryKills,
    long SwapBytes,
    long SwapMaxBytes,
    bool ReachedProcessLimit = false
);
