using System.Globalization;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>Reads lines of /proc files that give memory in kB (proc_pid_status(5),
/// proc_meminfo(5)).</summary>
internal static class MemoryFiles
{
    private const long Kilobyte = 1024;

    /// <summary>This process's peak memory, bytes.</summary>
    public static long PeakOfSelf() => Read("/proc/self/status", "VmHWM:");

    public static long SwapOf(int pid) => Read($"/proc/{pid}/status", "VmSwap:");

    public static bool HasSwap() => Read("/proc/meminfo", "SwapTotal:") > 0;

    public static bool IsSwapInUse() =>
        Read("/proc/meminfo", "SwapTotal:") > Read("/proc/meminfo", "SwapFree:");

    /// <summary>The value in bytes; 0: no such file or line.</summary>
    private static long Read(string file, string name)
    {
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (!line.StartsWith(name, StringComparison.Ordinal))
                    continue;
                var number = line.AsSpan(name.Length).Trim();
                number = number[..number.IndexOf(' ')];
                return long.Parse(number, CultureInfo.InvariantCulture) * Kilobyte;
            }
        }
        catch (IOException)
        {
            // The process has just exited.
        }
        return 0;
    }
}
