namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Resource limits of all processes of a job together.</summary>
/// <param name="MemoryBytes">Includes swap where the kernel counts it; 0: no limit.</param>
/// <param name="Cores">0: no limit.</param>
/// <param name="Processes">Processes and threads together; 0: no limit.</param>
internal readonly record struct CgroupLimits(long MemoryBytes, int Cores, int Processes = 0)
{
    /// <summary>The CPU time quota per <see cref="PeriodUs"/>, µs; -1: no quota is needed, because
    /// the machine has no more cores than the limit.</summary>
    public long QuotaUs => Cores > 0 && Cores < Environment.ProcessorCount ? Cores * PeriodUs : -1;

    /// <summary>The kernel's default.</summary>
    public const long PeriodUs = 100_000;
}
