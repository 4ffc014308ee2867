namespace JobCloud.Node.Executor.Processes;

/// <summary>Creates directories that only this user can access.</summary>
internal static class Folder
{
    private const int Private = 0x1c0; // 0700

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
