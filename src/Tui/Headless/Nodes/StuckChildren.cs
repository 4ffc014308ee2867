using System.Globalization;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Tui.Headless.Nodes;

/// <summary>Finds the processes that keep an executor from ending.</summary>
internal static class StuckChildren
{
    /// <summary>Tells which children of the process cannot be killed, as a sentence with its full
    /// stop, after a space; empty: none.</summary>
    public static string Of(int parent)
    {
        var stuck = Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(Read)
            .OfType<StuckProcess>()
            .Where(one => one.Parent == parent)
            .ToList();
        return stuck.Count == 0 ? "" : $" Of its jobs, {StuckProcess.Describe(stuck)}.";
    }

    private static StuckProcess? Read(int pid)
    {
        try
        {
            var waits = File.ReadAllText($"/proc/{pid}/wchan");
            return StuckProcess.Parse(pid, File.ReadAllText($"/proc/{pid}/stat"), waits);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is another's.
            return null;
        }
    }
}
