using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Reads the mark of processes (<see cref="JobMark"/>), whatever their session or
/// parent.</summary>
internal static class ProcessMark
{
    private const int BufferBytes = 256 * 1024;

    [ThreadStatic]
    private static byte[]? _buffer;

    /// <summary>Returns the attempt of a process; null: not a process of this home's jobs, or
    /// unknown. Thread-safe.</summary>
    /// <param name="isShown">False: the process shows no environment, because it is about to exit
    /// or exec.</param>
    public static unsafe AttemptId? Of(int pid, string home, out bool isShown)
    {
        var fd = Libc.open($"/proc/{pid}/environ", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        // Once a process has released its memory, newer kernels refuse to open its environment;
        // older ones show it as empty.
        isShown = fd >= 0 || Libc.Errno != Libc.ESRCH;
        if (fd < 0)
            return null;
        var length = 0;
        var all = _buffer ??= new byte[BufferBytes];
        fixed (byte* buffer = all)
        {
            nint count;
            while (
                length < all.Length
                && (count = Libc.read(fd, buffer + length, all.Length - length)) > 0
            )
                length += (int)count;
        }
        _ = Libc.close(fd);
        isShown = length > 0;
        return JobMark.Find(all.AsSpan(0, length), home);
    }
}
