using System.Globalization;
using System.Runtime.InteropServices;

namespace JobCloud.Chaos;

/// <summary>Finds and signals processes of this machine.</summary>
public static partial class Processes
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>All processes whose command line or environment contains this directory, with their
    /// command lines.</summary>
    public static IReadOnlyDictionary<int, string> Mentioning(string folder) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(static path => Path.GetFileName(path))
            .Where(static name => char.IsAsciiDigit(name[0]))
            .Select(static name => int.Parse(name, CultureInfo.InvariantCulture))
            .Where(pid => pid != Environment.ProcessId)
            .Select(pid => (Pid: pid, Words: Read(pid, "cmdline"), Around: Read(pid, "environ")))
            .Where(found => found.Words.Contains(folder) || found.Around.Contains(folder))
            .ToDictionary(found => found.Pid, found => found.Words.Replace('\0', ' ').Trim());

    /// <summary>Whether a signal has stopped this process.</summary>
    public static bool IsStopped(int pid) =>
        Read(pid, "stat") is { Length: > 0 } stat && stat[stat.LastIndexOf(')') + 2] == 'T';

    /// <summary>The parent of a process; 0: it has ended.</summary>
    public static int ParentOf(int pid) =>
        Read(pid, "stat") is { Length: > 0 } stat
            ? int.Parse(
                stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1],
                CultureInfo.InvariantCulture
            )
            : 0;

    public static void Signal(IEnumerable<int> pids, int signal)
    {
        foreach (var pid in pids)
            _ = SendSignal(pid, signal);
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
