namespace JobCloud.Node.Executor.Processes;

/// <summary>Removes directories that other accounts may change meanwhile: no link in them leads
/// outside.</summary>
internal static unsafe class FileTree
{
    private const int EntriesBytes = 32 * 1024;
    private const int LengthAt = 16,
        KindAt = 18,
        NameAt = 19; // in struct linux_dirent64
    private const byte Folder = 4; // DT_DIR
    private const int Private = 0x1c0; // 0700

    /// <summary>A deeper tree stays, so that a job cannot exhaust the stack or the descriptors of
    /// the executor.</summary>
    private const int DepthMax = 250;

    /// <summary>Removes a directory and its content as far as possible.</summary>
    public static void Remove(string directory)
    {
        var flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        var fd = Libc.open(directory, flags, 0);
        if (fd < 0)
            return;
        Empty(fd, 0);
        _ = Libc.close(fd);
        _ = Libc.rmdir(directory);
    }

    private static void Empty(int directory, int depth)
    {
        var entries = new byte[EntriesBytes];
        fixed (byte* start = entries)
        {
            // Some file systems skip entries while others are removed.
            for (var pass = 0; pass < 2; pass++)
            {
                _ = Libc.lseek(directory, 0, 0);
                nint count;
                while ((count = Libc.getdents64(directory, start, EntriesBytes)) > 0)
                {
                    for (nint at = 0; at < count; at += *(ushort*)(start + at + LengthAt))
                        Remove(directory, start + at + NameAt, start[at + KindAt] == Folder, depth);
                }
            }
        }
    }

    private static void Remove(int directory, byte* name, bool isFolder, int depth)
    {
        if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
            return;
        if (Libc.unlinkat(directory, name, 0) == 0 || !(isFolder || Libc.Errno == Libc.EISDIR))
            return;
        var flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        if (depth < DepthMax && Libc.openat(directory, name, flags, 0) is >= 0 and var fd)
        {
            // A job may leave read-only directories.
            _ = Libc.fchmod(fd, Private);
            Empty(fd, depth + 1);
            _ = Libc.close(fd);
        }
        _ = Libc.unlinkat(directory, name, Libc.AT_REMOVEDIR);
    }
}
