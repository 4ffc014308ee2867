using System.Globalization;
using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>Takes possession of a home.</summary>
internal static class HomeFolders
{
    /// <summary>How long what an earlier executor left behind may take to die after
    /// SIGKILL.</summary>
    public const long LeftoversDieWithinMs = 10_000;

    private const int PauseMs = 5;

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
    /// and writes its pid there. Not by flock(2): that would keep .NET programs from reading it.
    /// Null: done; else a sentence.</summary>
    /// <param name="patienceMs">How long the guard of an executor that died may take to kill its
    /// jobs.</param>
    public static unsafe string? Lock(HomePaths home, long patienceMs)
    {
        var deadline = Clock.NowMs() + patienceMs;
        int? locked;
        while ((locked = TryLock(home)) is null)
        {
            if (Libc.access(home.ExecutorLock, Libc.R_OK) != 0)
                return $"the lock {home.ExecutorLock} cannot be opened (error {Libc.Errno})";
            var holder = Holder(home);
            if (Lives(holder) || Clock.NowMs() >= deadline)
                return $"another jobcloud-executor (pid {holder}) runs for {home.Home}: use that one, "
                    + "or stop it first";
            Thread.Sleep(PauseMs);
        }
        var pid = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Libc.getpid()}\n")
        );
        _ = Libc.ftruncate(locked.Value, 0);
        fixed (byte* bytes = pid)
            _ = Libc.write(locked.Value, bytes, pid.Length);
        return null;
    }

    /// <summary>Takes the lock and leaves the pid in it as it is; null: another process has it, or
    /// the file cannot be opened.</summary>
    public static int? TryLock(HomePaths home)
    {
        const int Flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC;
        var fd = Libc.open(home.ExecutorLock, Flags, 0x180);
        if (fd < 0)
            return null;
        if (Libc.TryLock(fd))
            return fd;
        _ = Libc.close(fd);
        return null;
    }

    /// <summary>The pid of the last executor that took the lock.</summary>
    public static string Holder(HomePaths home) => File.ReadAllText(home.ExecutorLock).Trim();

    private static bool Lives(string pid) =>
        int.TryParse(pid, CultureInfo.InvariantCulture, out var number)
        && ProcessStat.Read(number) is { IsZombie: false };
}
