using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>One look at an attempt, as its timeline keeps it.</summary>
internal static class UsageSample
{
    /// <summary>When a new job is first looked at: many end sooner.</summary>
    public const long FirstMs = 100;

    /// <param name="at">Instant, µs.</param>
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
