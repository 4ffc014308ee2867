using System.Globalization;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>What all processes of the machine use, from /proc.</summary>
internal static class MachineUsage
{
    /// <summary>Ticks in a second of /proc/stat: the kernel's USER_HZ.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>The fields of user, nice, system, irq, softirq and steal: all but idle and
    /// waiting. Guests are in the first two.</summary>
    private static readonly int[] Busy = [1, 2, 3, 6, 7, 8];

    public static double CpuSeconds() => CpuSeconds(File.ReadLines("/proc/stat").First());

    public static double MemoryBytes() => MemoryBytes(File.ReadLines("/proc/meminfo").Take(3));

    /// <param name="line">The first line of /proc/stat.</param>
    public static double CpuSeconds(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Busy.Where(at => at < fields.Length).Sum(at => Number(fields[at])) / TicksPerSecond;
    }

    /// <param name="lines">The lines of /proc/meminfo: MemTotal, MemFree and MemAvailable.</param>
    public static double MemoryBytes(IEnumerable<string> lines)
    {
        var kib = lines
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(fields => fields[0], fields => Number(fields[1]));
        return (kib["MemTotal:"] - kib["MemAvailable:"]) * 1024;
    }

    private static double Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
