using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finishes an attempt that has no live processes: keeps its files and reports its
/// end.</summary>
internal sealed class AttemptFinisher(
    HomePaths home,
    EventLoop loop,
    ExecutorLimits limits,
    ExecutionSettings settings,
    FilePool filePool,
    JobCgroups cgroups,
    SandboxStarts sandboxStarts,
    Profiles profiles,
    Orphans orphans,
    OwnMemory ownMemory
) : IAttemptFinisher
{
    public ProcessEnded EndOfUnstarted(TrackedAttempt attempt, Moment now)
    {
        AttemptFiles.Remove(attempt.Paths);
        var notStarted = (attempt.Phase as AttemptPhase.Ended)?.NotStarted;
        return new()
        {
            Jid = attempt.Id.Jid,
            Attempt = attempt.Id.Number,
            End = new()
            {
                Exit = WithCauses(
                    new() { NotStarted = notStarted?.Why ?? "" },
                    attempt.Phase.Causes
                ),
                StartedAt = notStarted?.TriedAt ?? 0,
                EndedAt = now.WallUs,
            },
            Passing = notStarted is { IsPassing: true },
        };
    }

    public void Finish(
        TrackedAttempt attempt,
        StartedJob job,
        Moment now,
        Action<ProcessEnded, long> finished
    )
    {
        var (paths, launch) = (attempt.Paths, job.Launch);
        var causes = attempt.Phase.Causes | LeaveCgroup(job);
        var exit = WithCauses(new(), causes);
        exit.Code = job.FirstExit?.Code ?? 0;
        exit.Signal = job.FirstExit?.Signal ?? 0;
        exit.CoreDumped = job.FirstExit?.CoreDumped ?? false;
        exit.NotStarted = LeaveSandboxStart(job, exit);
        if (job.Process.Failure is { } failure && failure.Take() is var error and not 0)
            exit.NotStarted = StartErrors.ForAccount(
                error,
                failure.Program,
                launch.Account?.Name ?? ""
            );
        if (job.Fault.Length > 0)
            exit.NotStarted = job.Fault;
        (exit.StdoutBytes, exit.StderrBytes) = job.Output.Close(ReusePool, now.Ms);
        exit.LoggingBytes = FileLength.Of(paths.Logging);
        if (launch.Account is not null && exit.LoggingBytes == 0)
            _ = Libc.unlink(paths.Logging);
        exit.ExceptionBytes = AttemptFiles.KeepUnlessEmpty(paths.Exception);
        exit.SyslogBytes = FileLength.Of(paths.Syslog);
        exit.ResultBytes = exit.StdoutBytes;
        var longest = Math.Max(Math.Max(exit.StdoutBytes, exit.StderrBytes), exit.LoggingBytes);
        if (longest > settings.OutputLimitBytes)
            _ = job.Output.DropOldest(settings.OutputLimitBytes);
        (exit.DroppedBytes, exit.DiskWasLow) = (job.Output.DroppedBytes, job.Output.DiskWasLow);
        if (launch.HasStdin)
            _ = Libc.unlink(paths.Stdin);
        var end = new ProcessEnded
        {
            Jid = attempt.Id.Jid,
            Attempt = attempt.Id.Number,
            End = new()
            {
                Exit = exit,
                Usage = job.Usage.AtEnd(ownMemory.PeakBytes),
                StartedAt = launch.StartedAt,
                EndedAt = now.WallUsSince(launch.Started),
            },
        };
        if (launch.Profile is not { } profile || causes.HasFlag(EndCauses.Fenced))
            FinishFiles(job, end, now.Ms, finished);
        else
            profiles.Finish(
                profile,
                paths.Profile,
                now.Ms,
                (bytes, error, at) =>
                {
                    (exit.ProfileBytes, exit.ProfileTrouble) = (bytes, error);
                    FinishFiles(job, end, at, finished);
                }
            );
    }

    /// <summary>The pool that takes unused files. Null while orphans without a known owner remain,
    /// because those may still write to the files of an ended attempt.</summary>
    private FilePool? ReusePool => orphans.HasUnowned ? null : filePool;

    private Exit WithCauses(Exit exit, EndCauses causes)
    {
        exit.OverMaxRuntime = causes.HasFlag(EndCauses.OverMaxRuntime);
        exit.OutOfMemory = causes.HasFlag(EndCauses.OutOfMemory);
        exit.Fenced = causes.HasFlag(EndCauses.Fenced);
        exit.Stopped = causes.HasFlag(EndCauses.NodeStopped);
        exit.LeftCgroup = causes.HasFlag(EndCauses.LeftCgroup);
        exit.ProcessLimit = causes.HasFlag(EndCauses.TooManyProcesses) ? limits.PidsMax : 0;
        return exit;
    }

    /// <summary>Releases the cgroup, which another attempt may then use.</summary>
    private EndCauses LeaveCgroup(StartedJob job)
    {
        if (job.Cgroup is not { } cgroup)
            return EndCauses.None;
        var last = cgroup.Read();
        job.Usage.Record(last, hasEnded: true);
        cgroups.Return(cgroup, last);
        return (last.OutOfMemoryKills > 0 ? EndCauses.OutOfMemory : EndCauses.None)
            | (last.ReachedProcessLimit ? EndCauses.TooManyProcesses : EndCauses.None);
    }

    /// <summary>Returns why the attempt's command was not reached; empty if it was.</summary>
    private string LeaveSandboxStart(StartedJob job, Exit exit)
    {
        if (job.Launch.SandboxStart is not { } sandboxStart)
            return "";
        var byBubblewrap = sandboxStart.InSandbox && job.FirstExit?.Pid == job.Pid;
        var complaint = byBubblewrap ? LastLine.Of(job.Output.Stderr) : "";
        return sandboxStarts
                .Finish(sandboxStart)
                .Problem(sandboxStart.Plan, exit, byBubblewrap, complaint)
            ?? "";
    }

    /// <summary>Handles the files that the attempt left in its directory and as its
    /// result.</summary>
    private void FinishFiles(
        StartedJob job,
        ProcessEnded end,
        long now,
        Action<ProcessEnded, long> finished
    )
    {
        var directory = job.Launch.Paths.Directory;
        var holdsFiles =
            ReusePool?.TryReturnDirectory(directory, now) != true
            && Libc.rmdir(directory) != 0
            && Libc.Errno == Libc.ENOTEMPTY;
        end.End.Usage.DiskBytes = 0;
        var hasTimeline = job.Timeline is { HasSamples: true };
        if (job.Launch.Order.ReturnFile.Length == 0 && !holdsFiles && !hasTimeline)
            finished(end, now);
        else
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    FinishSlowly(job, end.End, holdsFiles);
                    loop.Post(later => finished(end, later.Ms));
                },
                null
            );
    }

    /// <summary>Does the slow work on another thread. The end is reported whatever becomes of
    /// it.</summary>
    private void FinishSlowly(StartedJob job, AttemptEnd end, bool holdsFiles)
    {
        try
        {
            KeepAndMeasure(job, end, holdsFiles);
        }
        catch (Exception e)
        {
            end.Exit.ResultTrouble = StartErrors.ForException(e);
        }
    }

    private void KeepAndMeasure(StartedJob job, AttemptEnd end, bool holdsFiles)
    {
        var (launch, exit) = (job.Launch, end.Exit);
        if (launch.Order.ReturnFile.Length > 0)
            (exit.ResultBytes, exit.ResultTrouble) = ReturnFile.Keep(
                launch,
                home.Home,
                limits.ReturnFileLimitBytes
            );
        if (holdsFiles)
            KeepOrDropDirectory(launch.Paths.Directory, end);
        job.Timeline?.End(
            UsageSample.Of(end.Usage, end.EndedAt, exit.StdoutBytes, exit.StderrBytes)
        );
    }

    /// <summary>Measures the directory that the job leaves, and deletes it if it is over the
    /// limit.</summary>
    private void KeepOrDropDirectory(string directory, AttemptEnd end)
    {
        end.Usage.DiskBytes = DirectorySize.Of(directory);
        if (limits.DirectoryLimitBytes <= 0 || end.Usage.DiskBytes <= limits.DirectoryLimitBytes)
            return;
        FileTree.Remove(directory);
        end.Exit.DirectoryDropped = limits.DirectoryLimitBytes;
    }
}
