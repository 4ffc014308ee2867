using System.Globalization;

namespace JobCloud.Benchmarks;

/// <summary>The resource usage of one process, from /proc.</summary>
public static class ProcessCost
{
    private const long TicksPerSecond = 100;

    /// <summary>CPU time of the process without its children: fields 14 and 15 of
    /// /proc/PID/stat.</summary>
    public static TimeSpan CpuOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks =
            long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <summary>A size field of /proc/PID/status, in MB.</summary>
    public static double MemoryOf(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith($"{field}:", StringComparison.Ordinal));
        return long.Parse(line[(field.Length + 1)..^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
