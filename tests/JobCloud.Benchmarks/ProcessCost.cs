using System.Globalization;

namespace JobCloud.Benchmarks;

/// <summary>What one process uses, as /proc tells.</summary>
public static class ProcessCost
{
    private const long TicksPerSecond = 100;

    /// <summary>Its own, without that of its children: fields 14 and 15 of
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

    /// <summary>A field of /proc/PID/status that is a size, in MB.</summary>
    public static double MemoryOf(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith($"{field}:", StringComparison.Ordinal));
        return long.Parse(line[(field.Length + 1)..^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
