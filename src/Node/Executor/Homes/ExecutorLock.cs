using System.Globalization;
using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>The lock of a home, held until this process ends or disposes of it. It is on the lock
/// file, which tells the pid, and on the directory of the store: whoever removes the file does not
/// free the home.</summary>
internal sealed unsafe class ExecutorLock : IDisposable
{
    private const int PrivateFile = 0x180; // 0600

    private readonly HomePaths _home;
    private readonly int _storeFd;
    private int _fileFd;

    private ExecutorLock(HomePaths home, int storeFd, int fileFd) =>
        (_home, _storeFd, _fileFd) = (home, storeFd, fileFd);

    /// <summary>Takes the lock and leaves its content unchanged; null: failed.</summary>
    /// <param name="error">The errno; EAGAIN: another process holds it.</param>
    public static ExecutorLock? TryTake(HomePaths home, out int error)
    {
        var flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC;
        var store = Libc.open(home.Store, flags, 0);
        error = store < 0 ? Libc.Errno : 0;
        // Some network file systems cannot lock a directory.
        if (error == 0 && !Libc.TryLockDirectory(store) && Libc.Errno == Libc.EAGAIN)
            error = Libc.EAGAIN;
        var file = error == 0 ? OpenFile(home, out error) : -1;
        if (file >= 0)
            return new(home, store, file);
        if (store >= 0)
            _ = Libc.close(store);
        return null;
    }

    /// <summary>Writes the pid of this process into the lock file.</summary>
    public void WritePid()
    {
        var pid = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Libc.getpid()}\n")
        );
        _ = Libc.ftruncate(_fileFd, 0);
        fixed (byte* bytes = pid)
            _ = Libc.write(_fileFd, bytes, pid.Length);
    }

    /// <summary>Whether the locked directory is still the store of the home.</summary>
    public bool HoldsStore => IsAt(_home.Store, _storeFd);

    /// <summary>Whether the locked file is still the lock file of the home.</summary>
    public bool HoldsFile => IsAt(_home.ExecutorLock, _fileFd);

    /// <summary>Locks a new file in the place of the removed one; false: failed.</summary>
    public bool TryReplaceFile()
    {
        var file = OpenFile(_home, out _);
        if (file < 0)
            return false;
        _ = Libc.close(_fileFd);
        _fileFd = file;
        WritePid();
        return true;
    }

    public void Dispose()
    {
        _ = Libc.close(_fileFd);
        _ = Libc.close(_storeFd);
    }

    private static int OpenFile(HomePaths home, out int error)
    {
        const int Flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC;
        _ = RunFolder.Tidy(RunFile.Of(home).First(file => file.Path == home.ExecutorLock));
        var fd = Libc.open(home.ExecutorLock, Flags, PrivateFile);
        error = fd < 0 ? Libc.Errno : 0;
        if (fd < 0 || Libc.TryLock(fd))
            return fd;
        error = Libc.EAGAIN;
        _ = Libc.close(fd);
        return -1;
    }

    /// <summary>A path that cannot be looked at is taken for unchanged.</summary>
    private static bool IsAt(string path, int fd)
    {
        if (!Libc.TryStat(path, followLink: true, out var there))
            return Libc.Errno is not (Libc.ENOENT or Libc.ENOTDIR);
        return !Libc.TryStat($"/proc/self/fd/{fd}", followLink: true, out var held)
            || (there.Inode == held.Inode && there.Device == held.Device);
    }
}
