using System.Runtime.InteropServices;
using JobCloud.Node.Executor.AgentConnections;
using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>Starts the executor in the order that safety requires: lock, record, sweep, then the
/// socket.</summary>
internal static class Startup
{
    /// <summary>Runs the executor until it ends; returns its exit code.</summary>
    public static int Run(ExecutorArguments arguments)
    {
        var home = new HomePaths(arguments.Home);
        void EndStoppedGuard() => RecordedProcess.KillIfStopped(ExecutorRecord.Read(home).Guard);
        if (HomeFolders.Trouble(home) is { } trouble)
            return Refuse(trouble, ExecutorExitCodes.NeedsRepair);
        if (HomeFolders.Make(home) is { } noHome)
            return Refuse(noHome, ExecutorExitCodes.Settings);
        if (HomeFolders.Lock(home, HomeFolders.KillTimeoutMs, EndStoppedGuard) is { } locked)
            return Refuse(locked, ExecutorExitCodes.Refused);
        var tidied = RunFolder.Tidy(home);
        var limits = LimitsFile.Load(home, out var isReadable);
        using var log = new ExecutorLog(
            arguments.Foreground ? null : home.ExecutorLog,
            limits.LogLimitBytes
        );
        log.Write($"jobcloud-executor started, pid {Libc.getpid()}, home {home.Home}");
        tidied.ForEach(log.Write);
        if (!isReadable)
            log.Write($"{home.ExecutorLimits} is damaged and was ignored: an agent replaces it");
        Libc.CloseOnExecFrom(3);
        OpenFilesLimit.Raise();
        _ = Libc.prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

        var boot = Boot.Id();
        var earlier = ExecutorRecord.Read(home, log);
        var killed = Sweep.KillLeftovers(earlier, boot, home.Home, limits, log);
        if (!JobCgroups.Sweep(home, log))
            log.Write("cannot remove the cgroups of earlier jobs");
        log.Write(
            $"killed {killed} processes of earlier jobs; {earlier.Ended.Count} ends to report"
        );
        var record = new ExecutorRecord(home.AttemptRecord);
        if (!record.Rewrite(FirstEntries(boot, earlier)))
            return Refuse(
                $"the record {home.AttemptRecord} cannot be written (errno {Libc.Errno})",
                ExecutorExitCodes.Failure
            );
        if (AgentListener.Open(home.ExecutorSocket, log) is not { } listener)
            return Refuse(
                $"the socket {home.ExecutorSocket} cannot be opened (errno {Libc.Errno})",
                ExecutorExitCodes.Failure
            );
        using var host = new ExecutorHost(home, arguments, limits, log, boot, record, listener);
        host.Adopt(earlier.Ended);
        host.Relieve(earlier.Boot == boot ? earlier.Guard : null);
        var code = RunHost(host, arguments.Foreground);
        _ = Libc.unlink(home.ExecutorSocket);
        log.Write($"jobcloud-executor ended with exit status {code}");
        return code;
    }

    /// <summary>Runs the event loop on its own thread, so that the main thread's children are
    /// orphans only (<see cref="OrphanOwners{TOwner}"/>).</summary>
    private static int RunHost(ExecutorHost host, bool foreground)
    {
        using var term = On(PosixSignal.SIGTERM, host.RequestEnd);
        using var interrupt = On(PosixSignal.SIGINT, host.RequestEnd);
        using var quit = On(PosixSignal.SIGQUIT, host.RequestEndNow);
        using var hangUp = On(PosixSignal.SIGHUP, foreground ? host.RequestEnd : () => { });
        using var stopNode = On((PosixSignal)Libc.SIGUSR1, host.RequestNodeStop);
        using var startNode = On((PosixSignal)Libc.SIGUSR2, host.RequestNodeStart);
        // The runtime also handles SIGCHLD. The reaper waits for children here, and a signal for
        // each of thousands would only cost time.
        Libc.ResetSignal(Libc.SIGCHLD);
        var code = ExecutorExitCodes.Failure;
        var loop = new Thread(() => code = host.Run()) { Name = "loop" };
        loop.Start();
        loop.Join();
        return code;
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action act) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                act();
            }
        );

    private static IEnumerable<RecordEntry> FirstEntries(string boot, RecordContent earlier)
    {
        yield return new() { Opened = new() { Boot = boot } };
        foreach (var end in earlier.Ended)
            yield return new() { Ended = end };
    }

    private static int Refuse(string sentence, int code)
    {
        Console.Error.WriteLine($"jobcloud-executor: {sentence}.");
        return code;
    }
}
