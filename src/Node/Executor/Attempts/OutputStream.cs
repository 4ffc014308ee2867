using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Keeps the output files of an attempt within their limit.</summary>
internal static class OutputStream
{
    private const long Block = 4096;

    /// <summary>Gives the oldest bytes of files that passed the limit back to the disk: they keep
    /// their length, and readers see zeros there.</summary>
    /// <returns>How many bytes were dropped this time.</returns>
    public static long KeepWithin(Attempt attempt, long limitBytes)
    {
        if (limitBytes <= 0)
            return 0;
        var (paths, dropped) = (attempt.Paths, attempt.Dropped);
        var before = dropped.Sum();
        dropped[0] = DropOldest(paths.Stdout, dropped[0], limitBytes);
        dropped[1] = DropOldest(paths.Stderr, dropped[1], limitBytes);
        dropped[2] = DropOldest(paths.Logging, dropped[2], limitBytes);
        dropped[3] = DropOldest(paths.Syslog, dropped[3], limitBytes);
        var more = dropped.Sum() - before;
        if (more == 0)
            return 0;
        try
        {
            File.WriteAllText(paths.Dropped(), string.Join(' ', dropped) + "\n");
        }
        catch (IOException)
        {
            // A full disk: what was dropped still reads as zeros, and the next pass says it again.
        }
        return more;
    }

    /// <summary>Bytes of a file that may not be there.</summary>
    public static long Size(string path) =>
        Libc.TryStat(path, followLink: false, out var status) ? status.Size : 0;

    /// <summary>Gives the files their own names, if they do not have them yet.</summary>
    public static void Name(Attempt attempt)
    {
        if (attempt.SpareStdout is { } stdout && Name(stdout, attempt.Paths.Stdout))
            attempt.SpareStdout = null;
        if (attempt.SpareStderr is { } stderr && Name(stderr, attempt.Paths.Stderr))
            attempt.SpareStderr = null;
    }

    /// <summary>The file's length. It gets its own name; one without content goes to the spares, if
    /// there are any, or is removed.</summary>
    public static long Close(string? spare, string path, Spares? spares)
    {
        var file = spare ?? path;
        if (!Libc.TryStat(file, followLink: false, out var status))
            return 0;
        if (status.Size == 0 && spares?.TryGiveFile(file, status) != true)
            _ = Libc.unlink(file);
        else if (status.Size > 0 && spare is not null)
            Name(spare, path);
        return status.Size;
    }

    private static bool Name(string spare, string path)
    {
        if (Libc.rename(spare, path) == 0)
            return true;
        // The folder may have gone with the last file of another attempt.
        _ = Folder.Make(Path.GetDirectoryName(path)!);
        return Libc.rename(spare, path) == 0;
    }

    /// <summary>Returns how many bytes are dropped in all. A quarter of the limit goes at once, so
    /// that a busy stream is not cut at every look.</summary>
    private static long DropOldest(string path, long dropped, long limitBytes)
    {
        const int Punch = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
        if (
            !Libc.TryStat(path, followLink: false, out var status)
            || status.Size - dropped <= limitBytes
        )
            return dropped;
        var until = (status.Size - limitBytes * 3 / 4) / Block * Block;
        if (until <= dropped)
            return dropped;
        var fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return dropped;
        var done = Libc.fallocate(fd, Punch, dropped, until - dropped) == 0;
        _ = Libc.close(fd);
        return done ? until : dropped;
    }
}
