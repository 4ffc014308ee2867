using System.Globalization;
using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>Takes possession of a home.</summary>
internal static class HomeFolders
{
    /// <summary>Makes the folders, for this user alone. Null: done; else a sentence.</summary>
    public static string? Make(HomePaths home)
    {
        foreach (var socket in (ReadOnlySpan<string>)[home.ExecutorSocket, home.GatewaySocket])
        {
            var bytes = Encoding.UTF8.GetByteCount(socket);
            if (bytes > HomePaths.SocketPathMax)
                return $"the path of the socket {socket} has {bytes} bytes, and a socket's path can "
                    + $"have {HomePaths.SocketPathMax} at most: choose a shorter home";
        }
        foreach (var folder in (ReadOnlySpan<string>)[home.Run, home.Log, home.Store])
        {
            if (Folder.Make(folder) is var error and not 0)
                return $"the folder {folder} cannot be made (error {error})";
        }
        return null;
    }

    /// <summary>Takes the lock of the one executor of a home, for as long as this process lives,
    /// and writes its pid there. Null: done; else a sentence.</summary>
    public static unsafe string? Lock(HomePaths home)
    {
        const int Flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC;
        var fd = Libc.open(home.ExecutorLock, Flags, 0x180);
        if (fd < 0)
            return $"the lock {home.ExecutorLock} cannot be opened (error {Libc.Errno})";
        if (Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
        {
            _ = Libc.close(fd);
            var holder = File.ReadAllText(home.ExecutorLock).Trim();
            return $"another jobcloud-executor (pid {holder}) runs for {home.Home}: use that one, "
                + "or stop it first";
        }
        var pid = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Libc.getpid()}\n")
        );
        _ = Libc.ftruncate(fd, 0);
        fixed (byte* bytes = pid)
            _ = Libc.write(fd, bytes, pid.Length);
        return null;
    }
}
