using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>All calls to the C library: glibc 2.30 or later, 64-bit Linux. The constants are the
/// same on x64 and arm64.</summary>
internal static unsafe partial class Libc
{
    public const int EPERM = 1,
        ENOENT = 2,
        ESRCH = 3,
        EINTR = 4,
        E2BIG = 7,
        ENOEXEC = 8;
    public const int ECHILD = 10,
        EAGAIN = 11,
        ENOMEM = 12,
        EACCES = 13,
        EEXIST = 17;
    public const int ENOTDIR = 20,
        EISDIR = 21,
        ENFILE = 23,
        EMFILE = 24,
        ETXTBSY = 26,
        EFBIG = 27;
    public const int ENOSPC = 28,
        EROFS = 30,
        ENAMETOOLONG = 36,
        ENOTEMPTY = 39,
        ELOOP = 40;
    public const int EDQUOT = 122;

    public const int O_RDONLY = 0,
        O_WRONLY = 1,
        O_RDWR = 2,
        O_CREAT = 0x40,
        O_EXCL = 0x80;
    public const int O_TRUNC = 0x200,
        O_APPEND = 0x400,
        O_NONBLOCK = 0x800,
        O_CLOEXEC = 0x80000;

    public const int X_OK = 1,
        R_OK = 4,
        W_OK = 2;
    public const int FALLOC_FL_KEEP_SIZE = 1,
        FALLOC_FL_PUNCH_HOLE = 2;
    public const int CLOCK_THREAD_CPUTIME_ID = 3,
        CLOCK_BOOTTIME = 7;
    public const int SC_CLK_TCK = 2,
        SC_PAGESIZE = 30;

    private const int LongestLink = 256;
    private const int F_OFD_SETLK = 37;
    private const short F_WRLCK = 1;
    private const int LOCK_EX = 2,
        LOCK_NB = 4;
    private const int SYS_close_range = 436;
    private const uint CLOSE_RANGE_CLOEXEC = 4;
    private const int AT_FDCWD = -100,
        AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_BASIC_STATS = 0x7ff;

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        private const int S_IFMT = 0xf000;

        [FieldOffset(16)]
        public uint Links;

        /// <summary>The user ID of its owner.</summary>
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public long Inode;

        [FieldOffset(40)]
        public long Size;

        /// <summary>The size on disk in units of 512 bytes.</summary>
        [FieldOffset(48)]
        public long Blocks;

        [FieldOffset(136)]
        public long Device;

        public readonly bool IsRegular => (Mode & S_IFMT) == 0x8000;
        public readonly bool IsDirectory => (Mode & S_IFMT) == 0x4000;
    }

    /// <summary>statfs(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    private struct FileSystemStatus
    {
        [FieldOffset(8)]
        public long BlockSize;

        [FieldOffset(16)]
        public long Blocks;

        [FieldOffset(32)]
        public long Available;
    }

    [StructLayout(LayoutKind.Sequential, Size = 32)]
    private struct FileLock
    {
        public short Kind;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>The errno of the last failed call.</summary>
    public static int Errno => Marshal.GetLastPInvokeError();

    /// <summary>Nanoseconds since boot, including sleep: clock_gettime(2).</summary>
    public static long BootTimeNs() => TimeNs(CLOCK_BOOTTIME);

    /// <summary>CPU time of the calling thread in nanoseconds.</summary>
    public static long ThreadTimeNs() => TimeNs(CLOCK_THREAD_CPUTIME_ID);

    private static long TimeNs(int clock)
    {
        TimeSpec now;
        _ = clock_gettime(clock, &now);
        return now.Seconds * 1_000_000_000 + now.Nanoseconds;
    }

    /// <summary>Locks a whole file for this open file description without waiting: fcntl(2), open
    /// file description locks.</summary>
    public static bool TryLock(int fd)
    {
        var whole = new FileLock { Kind = F_WRLCK };
        return fcntl(fd, F_OFD_SETLK, (nint)(&whole)) == 0;
    }

    /// <summary>Locks a directory for this open file description without waiting
    /// (flock(2)).</summary>
    public static bool TryLockDirectory(int fd) => flock(fd, LOCK_EX | LOCK_NB) == 0;

    /// <summary>Sets close-on-exec on all descriptors from <paramref name="first"/> on.</summary>
    public static void CloseOnExecFrom(int first) => CloseOnExec(first, int.MaxValue);

    public static void CloseOnExec(int first, int last) =>
        syscall(SYS_close_range, (uint)first, (uint)last, CLOSE_RANGE_CLOEXEC);

    /// <summary>Gets the status of a file; false: failed, for example because it does not
    /// exist.</summary>
    public static bool TryStat(string path, bool followLink, out FileStatus status)
    {
        fixed (FileStatus* target = &status)
            return statx(
                    AT_FDCWD,
                    path,
                    followLink ? 0 : AT_SYMLINK_NOFOLLOW,
                    STATX_BASIC_STATS,
                    target
                ) == 0;
    }

    /// <summary>Gets the space of a file system, in bytes; false: failed.</summary>
    /// <param name="free">What this user may still write.</param>
    public static bool TryFreeSpace(string path, out long free, out long total)
    {
        FileSystemStatus status;
        var isKnown = statfs(path, &status) == 0;
        (free, total) = isKnown
            ? (status.Available * status.BlockSize, status.Blocks * status.BlockSize)
            : (0, 0);
        return isKnown;
    }

    /// <summary>Reads a short link of /proc; null: failed, see <see cref="Errno"/>.</summary>
    public static string? ReadLink(string path)
    {
        var buffer = stackalloc byte[LongestLink];
        var count = readlink(path, buffer, LongestLink);
        return count < 0 ? null : Encoding.UTF8.GetString(buffer, (int)count);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int fd, int operation);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, TimeSpec* time);

    [LibraryImport("libc")]
    private static partial long syscall(long number, uint first, uint last, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(
        int dir,
        string path,
        int flags,
        uint mask,
        FileStatus* target
    );

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint readlink(string path, byte* target, nuint size);

    [LibraryImport("libc")]
    public static partial long sysconf(int name);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, byte* target, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pread(int fd, byte* target, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, byte* source, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pwrite(int fd, byte* source, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(int fd, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fallocate(int fd, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(int fd, byte* target, nint count);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdir(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rmdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rename(string from, string to);

    /// <summary>The mode of files for the executor's account alone: 0600.</summary>
    public const int OwnerOnly = 0x180;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chmod(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statfs(string path, FileSystemStatus* target);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, nint argument);
}
