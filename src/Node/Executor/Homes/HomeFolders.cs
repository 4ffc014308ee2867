using System.Globalization;
using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>Creates a home's directories and holds its lock.</summary>
internal static class HomeFolders
{
    /// <summary>The time that the processes of an earlier executor may take to die after
    /// SIGKILL.</summary>
    public const long KillTimeoutMs = 10_000;

    private const int PauseMs = 5;
    private const uint Root = 0;

    /// <summary>Creates the directories, accessible to this user only. Returns null, or the error
    /// as a sentence.</summary>
    public static string? Make(HomePaths home)
    {
        foreach (var socket in (ReadOnlySpan<string>)[home.ExecutorSocket, home.GatewaySocket])
        {
            var bytes = Encoding.UTF8.GetByteCount(socket);
            if (bytes > HomePaths.SocketPathMax)
                return $"the socket path {socket} has {bytes} bytes, but a socket path can "
                    + $"have at most {HomePaths.SocketPathMax}: choose a shorter home";
        }
        foreach (var folder in (ReadOnlySpan<string>)[home.Run, home.Log, home.Store])
        {
            if (Folder.Make(folder) is var error and not 0)
                return $"the directory {folder} cannot be created (errno {error})";
        }
        return Libc.geteuid() == Root ? AdmitAccounts(home) : null;
    }

    /// <summary>Lets jobs of other accounts pass through root's home to their own files. All else
    /// in it stays root's alone.</summary>
    private static string? AdmitAccounts(HomePaths home)
    {
        const int PrivateBits = 0x1c0, // 0700
            AllBits = 0xfff;
        foreach (var own in home.Private)
        {
            if (
                Libc.TryStat(own, followLink: false, out var status)
                && (status.IsRegular || status.IsDirectory)
                && (status.Mode & AllBits & ~PrivateBits) != 0
                && Libc.chmod(own, status.Mode & PrivateBits) != 0
                && Libc.Errno != Libc.EROFS
            )
                return $"{own} cannot be closed to other accounts (errno {Libc.Errno})";
        }
        foreach (var folder in (ReadOnlySpan<string>)[home.Home, home.Attempts, home.Open])
        {
            if (Folder.MakeOpen(folder) is var error and not 0)
                return $"the directory {folder} cannot be opened to jobs (errno {error})";
        }
        return null;
    }

    /// <summary>Why others could change what is in the home, as a sentence; null: they
    /// cannot.</summary>
    public static string? ErrorOf(HomePaths home) =>
        Libc.TryStat(home.Home, followLink: true, out var status)
            ? OwnerOnly.ErrorOf(home.Home, status.Mode, status.User, Libc.geteuid())
            : null;

    /// <summary>Locks the home for its one executor, and writes the pid into the lock file. Returns
    /// null, or the error as a sentence.</summary>
    /// <param name="timeoutMs">The time to wait for the guard of a dead executor, which kills its
    /// jobs.</param>
    /// <param name="whenHeld">Called now and then while such a guard holds the lock.</param>
    public static string? Lock(
        HomePaths home,
        long timeoutMs,
        Action whenHeld,
        out ExecutorLock? locked
    )
    {
        var deadline = Clock.NowMs() + timeoutMs;
        while ((locked = ExecutorLock.TryTake(home, out var error)) is null)
        {
            if (error != Libc.EAGAIN)
                return $"the lock {home.ExecutorLock} cannot be opened (errno {error})";
            var holder = Holder(home);
            if (IsAlive(holder) || Clock.NowMs() >= deadline)
                return $"another jobcloud-executor (pid {holder}) is running for {home.Home}: use it, "
                    + "or stop it first";
            whenHeld();
            Thread.Sleep(PauseMs);
        }
        locked.WritePid();
        return null;
    }

    /// <summary>The pid of the last executor that took the lock.</summary>
    public static string Holder(HomePaths home) =>
        Encoding
            .UTF8.GetString(RunFolder.Read(home.ExecutorLock, LockFile(home).MaxBytes) ?? [])
            .Trim();

    private static RunFile LockFile(HomePaths home) =>
        RunFile.Of(home).First(file => file.Path == home.ExecutorLock);

    private static bool IsAlive(string pid) =>
        int.TryParse(pid, CultureInfo.InvariantCulture, out var number)
        && ProcessStat.Read(number) is { IsZombie: false };
}
