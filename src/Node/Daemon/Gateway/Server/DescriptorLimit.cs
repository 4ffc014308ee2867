using System.Runtime.InteropServices;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The number of files and connections that this process may have open
/// (getrlimit(2)).</summary>
internal static partial class DescriptorLimit
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    /// <summary>Raises the limit as far as the process may, and returns it.</summary>
    public static long Raise()
    {
        if (Get(OpenFiles, out var limit) != 0)
            return long.MaxValue;
        var raised = limit with { Soft = limit.Hard };
        if (limit.Soft != limit.Hard && Set(OpenFiles, raised) == 0)
            limit = raised;
        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    /// <summary>struct rlimit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit
    {
        public ulong Soft { get; init; }
        public ulong Hard { get; init; }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, in Limit limit);
}
