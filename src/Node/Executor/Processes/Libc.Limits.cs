using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Limits of processes (prlimit(2)).</summary>
internal static unsafe partial class Libc
{
    public const int RLIMIT_NOFILE = 7;

    /// <summary>struct rlimit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc")]
    public static partial int prlimit(
        int pid,
        int resource,
        ResourceLimit* wanted,
        ResourceLimit* found
    );
}
