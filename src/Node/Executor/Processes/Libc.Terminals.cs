using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>What terminals need.</summary>
internal static unsafe partial class Libc
{
    public const int EIO = 5;
    public const int O_NOCTTY = 0x100;
    public const int SHUT_WR = 1,
        SHUT_RDWR = 2;

    /// <summary>Requests of ioctl_tty(2).</summary>
    public const nuint TIOCGPGRP = 0x540f,
        TIOCSWINSZ = 0x5414,
        TIOCGPTN = 0x8004_5430,
        TIOCSPTLCK = 0x4004_5431;

    private const int F_SETFL = 4,
        F_SETPIPE_SZ = 1031;
    private const int SO_PEERCRED = 17;

    [StructLayout(LayoutKind.Sequential)]
    public struct TerminalSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    [StructLayout(LayoutKind.Explicit, Size = 48)]
    private struct UserEntry
    {
        [FieldOffset(40)]
        public byte* Shell;
    }

    /// <summary>A pipe; both ends are closed on exec.</summary>
    /// <returns>0 or an error.</returns>
    public static int Pipe(out int read, out int write)
    {
        var ends = stackalloc int[2];
        (read, write) = (-1, -1);
        if (pipe2(ends, O_CLOEXEC) != 0)
            return Errno;
        (read, write) = (ends[0], ends[1]);
        return 0;
    }

    /// <summary>Two sockets that are each other's ends; closed on exec.</summary>
    /// <returns>0 or an error.</returns>
    public static int SocketPair(out int one, out int other)
    {
        var ends = stackalloc int[2];
        (one, other) = (-1, -1);
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            return Errno;
        (one, other) = (ends[0], ends[1]);
        return 0;
    }

    /// <summary>Reads and writes no longer wait.</summary>
    public static void NeverWait(int fd) => _ = fcntl(fd, F_SETFL, O_NONBLOCK);

    /// <summary>Room for so much in a pipe, where this user may have it.</summary>
    public static void ResizePipe(int fd, int bytes) => _ = fcntl(fd, F_SETPIPE_SZ, bytes);

    /// <summary>Who is at the other end of a unix socket; null: it cannot be told.</summary>
    public static uint? UserOfPeer(int fd)
    {
        // struct ucred: pid, uid, gid.
        const int User = 1;
        var credentials = stackalloc uint[3];
        uint length = 3 * sizeof(uint);
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, &length) == 0
            ? credentials[User]
            : null;
    }

    /// <summary>The login shell of a user, as the machine's users are listed; null: not known. For one
    /// thread.</summary>
    public static string? ShellOf(uint user)
    {
        var entry = getpwuid(user);
        return entry is null ? null : Marshal.PtrToStringUTF8((nint)entry->Shell);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int kind, int protocol, int* ends);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int shutdown(int fd, int how);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport("libc")]
    private static partial UserEntry* getpwuid(uint user);
}
