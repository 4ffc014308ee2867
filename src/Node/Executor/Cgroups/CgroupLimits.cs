namespace JobCloud.Node.Executor.Cgroups;

/// <summary>What the processes of a job may use, all together.</summary>
/// <param name="MemoryBytes">Swap included where the kernel counts it; 0: no limit.</param>
/// <param name="Cores">0: no limit.</param>
internal readonly record struct CgroupLimits(long MemoryBytes, int Cores)
{
    /// <summary>The quota of CPU time in each <see cref="PeriodUs"/>, µs; -1: none is needed, as
    /// the machine has no more cores.</summary>
    public long QuotaUs => Cores > 0 && Cores < Environment.ProcessorCount ? Cores * PeriodUs : -1;

    /// <summary>The kernel's own default.</summary>
    public const long PeriodUs = 100_000;
}
