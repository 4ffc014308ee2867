using System.Runtime.InteropServices;
using JobCloud.Node.Executor.AgentConnections;
using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Guards;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>Starts the executor in the order that safety requires: lock, guard, record, sweep, then
/// the socket.</summary>
internal static class Startup
{
    /// <summary>Runs the executor until it ends; returns its exit code.</summary>
    public static int Run(ExecutorArguments arguments)
    {
        var home = new HomePaths(arguments.Home);
        void EndStoppedGuard() => RecordedProcess.KillIfStopped(ExecutorRecord.Read(home).Guard);
        if (HomeFolders.ErrorOf(home) is { } trouble)
            return Refuse(trouble, ExecutorExitCodes.NeedsRepair);
        if (HomeFolders.Make(home) is { } noHome)
            return Refuse(noHome, ExecutorExitCodes.Settings);
        var reason = HomeFolders.Lock(
            home,
            HomeFolders.KillTimeoutMs,
            EndStoppedGuard,
            out var locked
        );
        if (locked is null)
            return Refuse(reason ?? "", ExecutorExitCodes.Refused);
        using var held = locked;
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
        OomScore.Protect();
        _ = Libc.prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

        // The kernel gives orphans to the main thread, so another one starts all processes.
        var code = ExecutorExitCodes.Failure;
        var thread = new Thread(() => code = Serve(home, held, arguments, limits, log))
        {
            Name = "loop",
        };
        thread.Start();
        thread.Join();
        return code;
    }

    /// <summary>Runs the executor on the thread of its event loop. The guard comes first: the
    /// earlier node, which is stopped next, may be all that could start another executor if this
    /// one is killed.</summary>
    private static int Serve(
        HomePaths home,
        ExecutorLock held,
        ExecutorArguments arguments,
        ExecutorLimits limits,
        ExecutorLog log
    )
    {
        var boot = Boot.Id();
        var earlier = ExecutorRecord.Read(home, log);
        using var loop = new EventLoop(log.WriteFault);
        ExecutorHost? running = null;
        // Posted work waits for the host, so a signal before it counts too.
        using var signals = new HostSignals(loop, () => running, arguments.Foreground);
        using var guard = new Guard(home, arguments, loop, log);
        guard.Start(Clock.NowMs());
        using var record = new ExecutorRecord(home.AttemptRecord);
        // Until the sweep has ended, the guard and the next executor need the whole record.
        if (!record.Rewrite([.. earlier.Entries(), .. guard.Entries()]))
            return RefuseRecord(home);
        var killed = Sweep.KillLeftovers(earlier, boot, home.Home, limits, log);
        if (!JobCgroups.Sweep(home, log))
            log.Write("cannot remove the cgroups of earlier jobs");
        log.Write(
            $"killed {killed} processes of earlier jobs; {earlier.Ended.Count} ends to report"
        );
        var left = RecordContent.Of(boot, earlier.Ended);
        if (!record.Rewrite([.. left.Entries(), .. guard.Entries()]))
            return RefuseRecord(home);
        if (AgentListener.Open(home.ExecutorSocket, log) is not { } listener)
            return Refuse(
                $"the socket {home.ExecutorSocket} cannot be opened (errno {Libc.Errno})",
                ExecutorExitCodes.Failure
            );
        var parts = new HostParts(
            home,
            held,
            arguments,
            limits,
            log,
            boot,
            loop,
            guard,
            record,
            listener
        );
        using var host = running = new ExecutorHost(parts);
        host.Adopt(earlier.Ended);
        host.Relieve(earlier.Boot == boot ? earlier.Guard : null);
        var code = host.Run();
        _ = Libc.unlink(home.ExecutorSocket);
        log.Write($"jobcloud-executor ended with exit status {code}");
        return code;
    }

    private static int RefuseRecord(HomePaths home) =>
        Refuse(
            $"the record {home.AttemptRecord} cannot be written: {Marshal.GetPInvokeErrorMessage(Libc.Errno)}",
            ExecutorExitCodes.Failure
        );

    private static int Refuse(string sentence, int code)
    {
        Console.Error.WriteLine($"jobcloud-executor: {sentence}.");
        return code;
    }
}
