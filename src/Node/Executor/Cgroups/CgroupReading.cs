namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The kernel's counters of a cgroup. -1: not counted here.</summary>
/// <param name="CpuUs">Total CPU time.</param>
/// <param name="UserUs">The part of it spent in user mode.</param>
/// <param name="SystemUs">The part of it spent in the kernel. Both parts may be coarse, or add up
/// to less than the total.</param>
/// <param name="MemoryBytes">Memory in use, as the limit counts it.</param>
/// <param name="MemoryMaxBytes">The peak of that.</param>
/// <param name="CacheBytes">The part of the memory in use that holds pages of files which the
/// kernel would free first; not counted while the peak is small.</param>
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
    bool ReachedProcessLimit = false,
    long CacheBytes = 0
)
{
    /// <summary>Below this peak, a read of memory.stat costs a short job more than it
    /// tells.</summary>
    public const long SmallBytes = 4 << 20;

    /// <summary>The memory in use without that cache; -1: not counted here.</summary>
    public long UsedBytes =>
        MemoryBytes < 0 ? -1 : Math.Max(0, MemoryBytes - Math.Max(0, CacheBytes));
}
