using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Calls for the machine's logs and for profiles.</summary>
internal static unsafe partial class Libc
{
    public const int EPIPE = 32;
    public const int ENODEV = 19;
    public const int SEEK_END = 2;
    public const int SC_NPROCESSORS_CONF = 83;
    public const int PROT_READ = 1,
        MAP_SHARED = 1;
    public const nint MAP_FAILED = -1;

    /// <summary>Opens a descriptor, to be mapped, of the starts and ends of all processes and
    /// threads on this core; negative: failed, see <see cref="Errno"/>. The newest record comes
    /// first; the kernel never waits for a reader.</summary>
    public static int OpenTaskEvents(int core)
    {
        const uint Software = 1,
            Bytes = 112;
        const ulong Dummy = 9,
            Task = 1 << 13,
            WriteBackward = 1 << 27,
            CloseOnExec = 8;
        const int AttributesAt = 5;
        var number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 298,
            Architecture.Arm64 => 241,
            _ => -1,
        };
        var attributes = stackalloc ulong[(int)Bytes / sizeof(ulong)];
        new Span<byte>(attributes, (int)Bytes).Clear();
        attributes[0] = Software | (ulong)Bytes << 32;
        attributes[1] = Dummy;
        attributes[AttributesAt] = Task | WriteBackward;
        return (int)perf_event_open(number, attributes, -1, core, -1, CloseOnExec);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long perf_event_open(
        long number,
        ulong* attributes,
        nint pid,
        nint core,
        nint group,
        ulong flags
    );

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint mmap(
        nint address,
        nuint length,
        int protection,
        int flags,
        int fd,
        long offset
    );

    [LibraryImport("libc")]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkfifo(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int symlink(string target, string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int fd, long offset, int from);
}
