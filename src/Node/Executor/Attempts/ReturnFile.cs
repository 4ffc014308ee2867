using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Copies the file that a job names as its result.</summary>
internal static class ReturnFile
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Copies the return file of an ended job; the error, if any, is a sentence without
    /// its full stop.</summary>
    public static (long Bytes, string Error) Keep(Launch launch, string home, long limitBytes)
    {
        var name = Path.Combine(launch.DirectoryInside, launch.Order.ReturnFile);
        using var from = Open(launch, name, home, out var error);
        return from is null ? (0, Unreadable(name, error)) : Keep(from, name, launch, limitBytes);
    }

    /// <summary>Opens the file as the job's account, and where the job saw it: a link of a job in
    /// a sandbox leads nowhere else.</summary>
    private static SafeFileHandle? Open(Launch launch, string name, string home, out int error)
    {
        using var rights = new FileRights(launch.Account);
        if (!SandboxStarts.HasSandbox(launch.Order))
            return JobFile.Open(name, out error);
        if (SandboxStarts.Place(launch.Order, launch.Paths, name, home) is { } place)
            return JobFile.OpenBeneath(place.Root, place.Path, out error);
        error = Libc.ENOENT;
        return null;
    }

    private static (long Bytes, string Error) Keep(
        SafeFileHandle from,
        string name,
        Launch launch,
        long limitBytes
    )
    {
        var target = launch.Paths.Result;
        var size = RandomAccess.GetLength(from);
        if (size > limitBytes)
            return (0, $"the return file {name} has {size} bytes; the limit is {limitBytes}");
        try
        {
            return (Copy(from, target, limitBytes, launch.Account), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _ = Libc.unlink(target);
            return (0, $"the return file {name} cannot be copied: {e.Message}");
        }
    }

    private static long Copy(SafeFileHandle from, string target, long limitBytes, Account? account)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC;
        var fd = JobFile.OpenOwn(target, Flags, 0x180);
        if (fd < 0)
            throw new IOException(StartErrors.ForFile(Libc.Errno, "the copy").Why);
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

    private static string Unreadable(string name, int error) =>
        error switch
        {
            JobFile.NotRegular => $"the return file {name} is not a regular file",
            Libc.ENOENT or Libc.ENOTDIR => $"the return file {name} does not exist",
            Libc.EACCES or Libc.EPERM => $"no permission to read the return file {name}",
            Libc.ELOOP => $"the return file {name} is a link that leads nowhere in the sandbox",
            Libc.ENOSYS =>
                $"the return file {name} of a sandbox cannot be read: this needs Linux 5.6 or later",
            _ => $"the return file {name} cannot be read (errno {error})",
        };
}
