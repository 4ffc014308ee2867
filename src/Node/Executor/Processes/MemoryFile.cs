namespace JobCloud.Node.Executor.Processes;

/// <summary>Files without a name, in memory.</summary>
internal static unsafe class MemoryFile
{
    /// <summary>Returns the descriptor of a file with this content, at its start; 0: failed, with
    /// the errno.</summary>
    public static int Make(string name, ReadOnlySpan<byte> content, out int error)
    {
        error = 0;
        var fd = Libc.memfd_create(name, Libc.MFD_CLOEXEC);
        // The low numbers are those that a child may get.
        if (fd >= 0)
            fd = Libc.MoveUp(fd);
        if (fd < 0)
        {
            error = Libc.Errno;
            return 0;
        }
        while (!content.IsEmpty && error == 0)
        {
            nint count;
            fixed (byte* start = content)
                count = Libc.write(fd, start, content.Length);
            if (count < 0)
                error = Libc.Errno;
            else
                content = content[(int)count..];
        }
        if (error == 0 && Libc.lseek(fd, 0, 0) != 0)
            error = Libc.Errno;
        if (error == 0)
            return fd;
        _ = Libc.close(fd);
        return 0;
    }
}
