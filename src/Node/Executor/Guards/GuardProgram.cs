using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Guards;

/// <summary>The guard's program: waits for the executor's death, then sweeps.</summary>
internal static class GuardProgram
{
    private const int PauseMs = 5;

    /// <summary>The byte that an executor sends before a normal exit.</summary>
    public const byte NormalExit = 1;

    /// <summary>Returns the process's exit code.</summary>
    public static int Serve(string folder)
    {
        var home = new HomePaths(folder);
        var executor = HomeFolders.Holder(home);
        if (EndedInOrder())
            return ExecutorExitCodes.Success;
        var limits = LimitsFile.Load(home);
        if (!TakesLock(home, executor, HomeFolders.KillTimeoutMs))
            return ExecutorExitCodes.Success;
        using var log = new ExecutorLog(home.ExecutorLog, limits.LogLimitBytes);
        // The node may be alive, and starts the next executor.
        var left = ExecutorRecord.Read(home, log) with
        {
            Node = null,
        };
        var killed = Sweep.KillLeftovers(left, Boot.Id(), home.Home, limits, log);
        log.Write($"the executor died; the guard killed {killed} job processes");
        if (!JobCgroups.Sweep(home))
            log.Write("cannot remove the cgroups of jobs");
        return ExecutorExitCodes.Success;
    }

    /// <summary>Returns false if a next executor holds the lock; that one sweeps before anything
    /// else.</summary>
    private static bool TakesLock(HomePaths home, string executor, long withinMs)
    {
        // The kernel may close the pipe of a dying process before it releases its lock.
        var deadline = Clock.NowMs() + withinMs;
        while (HomeFolders.TryLock(home) is null)
        {
            if (HomeFolders.Holder(home) != executor || Clock.NowMs() >= deadline)
                return false;
            Thread.Sleep(PauseMs);
        }
        return true;
    }

    private static unsafe bool EndedInOrder()
    {
        byte word = 0;
        while (true)
        {
            var read = Libc.read(0, &word, 1);
            if (read >= 0 || Libc.Errno != Libc.EINTR)
                return read == 1 && word == NormalExit;
        }
    }
}
