using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>What the machine's logs and profiles need.</summary>
internal static unsafe partial class Libc
{
    public const int EPIPE = 32;
    public const int SIGINT = 2;
    public const int ENODEV = 19;
    public const int SEEK_END = 2;
    public const int SC_NPROCESSORS_CONF = 83;
    public const int PROT_READ = 1,
        MAP_SHARED = 1;
    public const nint MAP_FAILED = -1;
    public const int SOCK_DGRAM = 2,
        SOL_SOCKET = 1,
        SO_PASSCRED = 16,
        SCM_CREDENTIALS = 2;
    public const int MSG_DONTWAIT = 0x40;
    public const int CLONE_NEWNS = 0x20000,
        MS_BIND = 0x1000,
        MS_REC = 0x4000,
        MS_SLAVE = 0x80000,
        MNT_DETACH = 2;

    /// <summary>struct msghdr of recvmsg(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Buffer* Buffers;
        public nint BufferCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Start;
        public nint Length;
    }

    /// <summary>The one control message that is used: cmsg(3), struct ucred of unix(7).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    public struct Credentials
    {
        public nint Length;
        public int Level;
        public int Kind;
        public int Pid;
        public int User;
        public int Group;
    }

    /// <summary>Has the calling thread run before all ordinary ones (sched(7)), or, where that is
    /// not allowed, be the most favoured of them.</summary>
    public static void RunFirst()
    {
        const int Fifo = 1,
            MostFavoured = -20;
        var priority = 1;
        if (sched_setscheduler(0, Fifo, &priority) != 0)
            _ = setpriority(PRIO_PROCESS, 0, MostFavoured);
    }

    /// <summary>A descriptor to map, of the starts and ends of all processes and threads on this core;
    /// negative: none, and <see cref="Errno"/> says why. A reader sees the newest first, and the kernel never waits
    /// for one.</summary>
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

    [LibraryImport("libc")]
    private static partial int sched_setscheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkfifo(string path, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int connect(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int name, int* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recvmsg(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendmsg(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(
        string? source,
        string target,
        string? kind,
        nuint flags,
        nint data
    );

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int symlink(string target, string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int fd, long offset, int from);
}
