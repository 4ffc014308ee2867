using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Calls for terminals.</summary>
internal static unsafe partial class Libc
{
    public const int EIO = 5;
    public const int O_NOCTTY = 0x100;

    /// <summary>Requests of ioctl_tty(2).</summary>
    public const nuint TIOCGPGRP = 0x540f,
        TIOCSWINSZ = 0x5414,
        TIOCGPTN = 0x8004_5430,
        TIOCSPTLCK = 0x4004_5431;

    private const int F_SETFL = 4,
        F_DUPFD_CLOEXEC = 1030,
        F_SETPIPE_SZ = 1031;
    private const int FirstHigh = 32;

    [StructLayout(LayoutKind.Sequential)]
    public struct TerminalSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    /// <summary>Creates a pipe with close-on-exec.</summary>
    /// <returns>0 or an errno.</returns>
    public static int Pipe(out int read, out int write)
    {
        var ends = stackalloc int[2];
        (read, write) = (-1, -1);
        if (pipe2(ends, O_CLOEXEC) != 0)
            return Errno;
        (read, write) = (ends[0], ends[1]);
        return 0;
    }

    /// <summary>Makes reads and writes non-blocking.</summary>
    /// <summary>Gives a descriptor a number that no child expects; -1: failed, and it is
    /// closed.</summary>
    public static int MoveUp(int fd)
    {
        var moved = fcntl(fd, F_DUPFD_CLOEXEC, FirstHigh);
        var error = Errno;
        _ = close(fd);
        Marshal.SetLastPInvokeError(error);
        return moved;
    }

    public static void SetNonBlocking(int fd) => _ = fcntl(fd, F_SETFL, O_NONBLOCK);

    /// <summary>Sets the size of a pipe, as far as this user is allowed to.</summary>
    public static void ResizePipe(int fd, int bytes) => _ = fcntl(fd, F_SETPIPE_SZ, bytes);

    /// <summary>The login shell of a user in the machine's user database; null: unknown. Not
    /// thread-safe.</summary>
    public static string? ShellOf(uint user)
    {
        var entry = getpwuid(user);
        return entry is null ? null : Marshal.PtrToStringUTF8((nint)entry->Shell);
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}
