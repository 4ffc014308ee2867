using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Once nothing of an attempt lives: keeps what is worth keeping, and says how it
/// ended.</summary>
internal sealed class AttemptFinisher(
    EventLoop loop,
    ExecutorLimits limits,
    AgentWishes wishes,
    Spares spares,
    JobCgroups cgroups,
    Entrances entrances,
    Profiles profiles,
    Orphans orphans,
    OwnMemory ownMemory
)
{
    /// <summary>Nothing is kept of one that had no process.</summary>
    public ProcessEnded EndOfUnstarted(Attempt attempt, Moment now)
    {
        AttemptFiles.Remove(attempt.Paths);
        var notStarted = (attempt.Phase as AttemptPhase.Ended)?.NotStarted;
        return new()
        {
            Jid = attempt.Id.Jid,
            Attempt = attempt.Id.Number,
            End = new()
            {
                Exit = Caused(new() { NotStarted = notStarted?.Why ?? "" }, attempt.Phase.Causes),
                StartedAt = notStarted?.TriedAt ?? 0,
                EndedAt = now.WallUs,
            },
        };
    }

    /// <param name="finished">Called on the loop's thread, at once or when slow work is done, with
    /// the time, ms.</param>
    public void Finish(
        Attempt attempt,
        StartedJob job,
        Moment now,
        Action<ProcessEnded, long> finished
    )
    {
        var (paths, launch) = (attempt.Paths, job.Launch);
        var causes = attempt.Phase.Causes | LeaveCgroup(job);
        var exit = Caused(new(), causes);
        exit.Code = job.FirstExit?.Code ?? 0;
        exit.Signal = job.FirstExit?.Signal ?? 0;
        exit.CoreDumped = job.FirstExit?.CoreDumped ?? false;
        exit.NotStarted = LeaveEntrance(job, exit);
        (exit.StdoutBytes, exit.StderrBytes) = job.Output.Close(Takers, now.Ms);
        exit.LoggingBytes = FileLength.Of(paths.Logging);
        exit.SyslogBytes = FileLength.Of(paths.Syslog);
        exit.ResultBytes = exit.StdoutBytes;
        var longest = Math.Max(Math.Max(exit.StdoutBytes, exit.StderrBytes), exit.LoggingBytes);
        if (longest > wishes.OutputLimitBytes)
            _ = job.Output.KeepWithin(wishes.OutputLimitBytes);
        exit.DroppedBytes = job.Output.DroppedBytes;
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
                StartedAt = launch.At,
                EndedAt = now.WallUs,
            },
        };
        if (launch.Profile is not { } profile || causes.HasFlag(EndCauses.Fenced))
            FinishFiles(job, end, now.Ms, finished);
        else
            profiles.Finish(
                profile,
                paths.Profile,
                now.Ms,
                (bytes, trouble, at) =>
                {
                    (exit.ProfileBytes, exit.ProfileTrouble) = (bytes, trouble);
                    FinishFiles(job, end, at, finished);
                }
            );
    }

    /// <summary>Who takes files that were left unused: surely nobody writes to those of an attempt
    /// that ended, unless there are orphans whose owner is not known.</summary>
    private Spares? Takers => orphans.HasStrangers ? null : spares;

    private static Exit Caused(Exit exit, EndCauses causes)
    {
        exit.OverMaxRuntime = causes.HasFlag(EndCauses.OverMaxRuntime);
        exit.OutOfMemory = causes.HasFlag(EndCauses.OutOfMemory);
        exit.Fenced = causes.HasFlag(EndCauses.Fenced);
        exit.Stopped = causes.HasFlag(EndCauses.NodeStopped);
        return exit;
    }

    /// <summary>From now on the cgroup may be another attempt's.</summary>
    private EndCauses LeaveCgroup(StartedJob job)
    {
        if (job.Cgroup is not { } cgroup)
            return EndCauses.None;
        var last = cgroup.Read();
        job.Usage.Seen(last, isOver: true);
        cgroups.Give(cgroup, last);
        return last.OutOfMemoryKills > 0 ? EndCauses.OutOfMemory : EndCauses.None;
    }

    /// <summary>Why its command was not reached; empty: it was.</summary>
    private string LeaveEntrance(StartedJob job, Exit exit)
    {
        if (job.Launch.Entrance is not { } entrance)
            return "";
        var byBubblewrap = entrance.InSandbox && job.FirstExit?.Pid == job.Pid;
        var complaint = byBubblewrap ? LastLine.Of(job.Output.Stderr) : "";
        return entrances.Leave(entrance).Trouble(entrance.Plan, exit, byBubblewrap, complaint)
            ?? "";
    }

    /// <summary>What it leaves in its directory and as its result.</summary>
    private void FinishFiles(
        StartedJob job,
        ProcessEnded end,
        long now,
        Action<ProcessEnded, long> finished
    )
    {
        var directory = job.Launch.Paths.Directory;
        var holdsFiles =
            Takers?.TryGiveDirectory(directory, now) != true
            && Libc.rmdir(directory) != 0
            && Libc.Errno == Libc.ENOTEMPTY;
        end.End.Usage.DiskBytes = job.Launch.HasFreshDirectory ? 0 : -1;
        var isToMeasure = job.Launch.HasFreshDirectory ? holdsFiles : IsWorthALook(end.End);
        var hasTimeline = job.Timeline is { HasSamples: true };
        if (job.Launch.ReturnFile.Length == 0 && !isToMeasure && !hasTimeline)
            finished(end, now);
        else
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    FinishSlowly(job, end.End, isToMeasure);
                    loop.Post(later => finished(end, later.Ms));
                },
                null
            );
    }

    /// <summary>A directory of somebody else may be large: quick jobs in it do not wait for a look
    /// at it.</summary>
    private static bool IsWorthALook(AttemptEnd end) =>
        end.EndedAt - end.StartedAt >= UsageSample.FirstMs * 1_000;

    /// <summary>What may take long, on another thread.</summary>
    private void FinishSlowly(StartedJob job, AttemptEnd end, bool isToMeasure)
    {
        var (launch, exit) = (job.Launch, end.Exit);
        if (launch.ReturnFile.Length > 0)
            (exit.ResultBytes, exit.ResultTrouble) = ReturnFile.Keep(
                Path.Combine(launch.WorkingDirectory, launch.ReturnFile),
                launch.Paths.Result,
                limits.ReturnFileLimitBytes
            );
        if (isToMeasure)
            end.Usage.DiskBytes = DirectorySize.Of(launch.WorkingDirectory);
        job.Timeline?.End(
            UsageSample.Of(end.Usage, end.EndedAt, exit.StdoutBytes, exit.StderrBytes)
        );
    }
}
