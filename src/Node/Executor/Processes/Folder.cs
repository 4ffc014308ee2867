namespace JobCloud.Node.Executor.Processes;

/// <summary>Creates directories that only this user can access, or that all accounts can
/// enter.</summary>
internal static class Folder
{
    private const int Private = 0x1c0; // 0700

    /// <summary>Creates a directory that all accounts can enter, but only this one can list or
    /// change; returns 0 or an errno.</summary>
    public static int MakeOpen(string path)
    {
        const int Open = 0x1c9; // 0711
        if (Make(path) is var error and not 0)
            return error;
        return
            Libc.TryStat(path, followLink: true, out var status) && (status.Mode & Open) == Open
            || Libc.chmod(path, Open) == 0
            ? 0
            : Libc.Errno;
    }

    /// <summary>Creates a directory and its parents; returns 0, also if it exists, or an
    /// errno.</summary>
    public static int Make(string path)
    {
        if (Libc.mkdir(path, Private) == 0 || Libc.Errno == Libc.EEXIST)
            return 0;
        var error = Libc.Errno;
        if (error != Libc.ENOENT || Path.GetDirectoryName(path) is not { } above)
            return error;
        error = Make(above);
        if (error != 0)
            return error;
        return Libc.mkdir(path, Private) == 0 || Libc.Errno == Libc.EEXIST ? 0 : Libc.Errno;
    }
}
