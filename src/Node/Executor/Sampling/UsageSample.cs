using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>Creates a timeline sample of an attempt.</summary>
internal static class UsageSample
{
    /// <summary>Age of a job at its first sample; many jobs end earlier.</summary>
    public const long FirstMs = 100;

    /// <param name="at">The time of the sample, µs.</param>
    public static TimelineSample Of(Usage usage, long at, long stdoutBytes, long stderrBytes) =>
        new()
        {
            At = at,
            CpuUs = usage.CpuUserUs + usage.CpuSystemUs,
            MemoryBytes = usage.MemoryBytes,
            DiskBytes = usage.DiskBytes,
            StdoutBytes = stdoutBytes,
            StderrBytes = stderrBytes,
        };
}
