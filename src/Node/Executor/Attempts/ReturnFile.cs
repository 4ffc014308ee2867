using JobCloud.Node.Executor.Processes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Copies the file that a job names as its result.</summary>
internal static class ReturnFile
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Copies the file; the error, if any, is a sentence without its full stop.</summary>
    /// <param name="account">The account that must be able to read it; null: the executor's
    /// own.</param>
    public static (long Bytes, string Error) Keep(
        string source,
        string target,
        long limitBytes,
        Account? account
    )
    {
        var fd = Open(source, account, out var error);
        if (fd < 0)
            return (0, Unreadable(source, error));
        using var from = new SafeFileHandle(fd, ownsHandle: true);
        if (!Libc.TryStat(fd, out var status) || !status.IsRegular)
            return (0, $"the return file {source} is not a regular file");
        if (status.Size > limitBytes)
            return (
                0,
                $"the return file {source} has {status.Size} bytes; the limit is {limitBytes}"
            );
        try
        {
            return (Copy(from, target, limitBytes, account), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _ = Libc.unlink(target);
            return (0, $"the return file {source} cannot be copied: {e.Message}");
        }
    }

    private static int Open(string source, Account? account, out int error)
    {
        // The file may be a pipe, and opening that would block forever.
        const int Flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        using var rights = new FileRights(account);
        var fd = Libc.open(source, Flags, 0);
        error = fd < 0 ? Libc.Errno : 0;
        return fd;
    }

    private static long Copy(SafeFileHandle from, string target, long limitBytes, Account? account)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC;
        var fd = Libc.open(target, Flags, 0x180);
        if (fd < 0)
            throw new IOException(StartErrors.ForFile(Libc.Errno, "the copy"));
        using var to = new SafeFileHandle(fd, ownsHandle: true);
        if (account is not null)
            _ = Libc.fchown(fd, account.User, account.Group);
        var buffer = new byte[ChunkBytes];
        long copied = 0;
        int count;
        while (copied < limitBytes && (count = RandomAccess.Read(from, buffer, copied)) > 0)
        {
            RandomAccess.Write(to, buffer.AsSpan(0, count), copied);
            copied += count;
        }
        return copied;
    }

    private static string Unreadable(string source, int error) =>
        error switch
        {
            Libc.ENOENT or Libc.ENOTDIR => $"the return file {source} does not exist",
            Libc.EACCES or Libc.EPERM => $"no permission to read the return file {source}",
            _ => $"the return file {source} cannot be read (errno {error})",
        };
}
