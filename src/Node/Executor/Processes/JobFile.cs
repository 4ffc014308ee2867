using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Opens files that a job may have replaced by a link, a pipe or a device. Only regular
/// files are opened, and never by waiting.</summary>
internal static class JobFile
{
    private const int Reading = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;

    /// <summary>The error of a file that is not regular; no call returns it.</summary>
    public const int NotRegular = int.MaxValue;

    /// <summary>Opens a file for reading, wherever its path leads; null: failed.</summary>
    /// <param name="error">The errno, or <see cref="NotRegular"/>.</param>
    public static SafeFileHandle? Open(string path, out int error) =>
        Regular(Libc.open(path, Reading, 0), out error);

    /// <summary>Opens a file of an attempt for reading; null: failed, for example because it is a
    /// link.</summary>
    public static SafeFileHandle? OpenOwn(string path) =>
        Regular(Libc.open(path, Reading | Libc.O_NOFOLLOW, 0), out _);

    /// <summary>Opens a file of an attempt for writing; negative: failed, for example because it is
    /// a link, see <see cref="Libc.Errno"/>.</summary>
    public static int OpenOwn(string path, int flags, int mode) =>
        Libc.open(path, flags | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, mode);

    /// <summary>Opens a file for reading that is beneath a directory; null: failed. Follows no link
    /// on the way: the caller has resolved them, and a new one may lead anywhere.</summary>
    /// <param name="path">The path below the directory.</param>
    /// <param name="error">The errno, or <see cref="NotRegular"/>; <see cref="Libc.ENOSYS"/>: the
    /// kernel is older than Linux 5.6.</param>
    public static SafeFileHandle? OpenBeneath(string directory, string path, out int error)
    {
        const ulong Resolve =
            Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS | Libc.RESOLVE_NO_MAGICLINKS;
        var at = Libc.open(directory, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (at < 0)
        {
            error = Libc.Errno;
            return null;
        }
        var fd = Libc.OpenBeneath(at, path.Length == 0 ? "." : path, Reading, Resolve);
        var failure = Libc.Errno;
        _ = Libc.close(at);
        if (fd >= 0)
            return Regular(fd, out error);
        error = failure;
        return null;
    }

    private static SafeFileHandle? Regular(int fd, out int error)
    {
        error = fd < 0 ? Libc.Errno : 0;
        if (fd < 0)
            return null;
        if (Libc.TryStat(fd, out var status) && status.IsRegular)
            return new(fd, ownsHandle: true);
        _ = Libc.close(fd);
        error = NotRegular;
        return null;
    }
}
