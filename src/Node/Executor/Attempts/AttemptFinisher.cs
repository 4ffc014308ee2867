using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Once nothing of an attempt lives: keeps what is worth keeping, and says how it
/// ended.</summary>
/// <param name="mayReuse">Whether surely nobody writes to files of an attempt that ended.</param>
/// <param name="finished">Called on the loop's thread, at once or when slow work is done.</param>
internal sealed class AttemptFinisher(
    EventLoop loop,
    ExecutorLimits limits,
    Spares spares,
    Profiles profiles,
    Func<bool> mayReuse,
    Func<long> outputLimit,
    Func<long> ownPeakMemory,
    Action<Attempt, ProcessEnded> finished
)
{
    public void Finish(Attempt attempt)
    {
        attempt.EndedAt = Clock.WallUs();
        var paths = attempt.Paths;
        var givers = mayReuse() ? spares : null;
        var exit = new Exit
        {
            Code = attempt.FirstExit.Code,
            Signal = attempt.FirstExit.Signal,
            CoreDumped = attempt.FirstExit.CoreDumped,
            NotStarted = attempt.NotStarted,
            StdoutBytes = OutputFile.Close(attempt.SpareStdout, paths.Stdout, givers),
            StderrBytes = OutputFile.Close(attempt.SpareStderr, paths.Stderr, givers),
            LoggingBytes = OutputFile.Size(paths.Logging),
            SyslogBytes = OutputFile.Size(paths.Syslog),
            OverMaxRuntime = attempt.OverMaxRuntime,
            OutOfMemory = attempt.OutOfMemory,
            Fenced = attempt.Fenced,
            Stopped = attempt.Stopped,
        };
        exit.ResultBytes = exit.StdoutBytes;
        var longest = Math.Max(Math.Max(exit.StdoutBytes, exit.StderrBytes), exit.LoggingBytes);
        if (longest > outputLimit())
            OutputFile.KeepWithin(attempt, outputLimit());
        exit.DroppedBytes = attempt.Dropped.Total;
        if (attempt.HasStdin)
            _ = Libc.unlink(paths.Stdin);
        var usage = attempt.Usage.AtEnd(ownPeakMemory());
        if (attempt.Pid == 0)
        {
            AttemptFiles.Remove(paths);
            finished(attempt, EndOf(attempt, exit, null));
            return;
        }
        if (!attempt.HasProfile || attempt.Fenced)
        {
            FinishFiles(attempt, exit, usage);
            return;
        }
        profiles.Finish(
            attempt,
            (bytes, trouble) =>
            {
                (exit.ProfileBytes, exit.ProfileTrouble) = (bytes, trouble);
                FinishFiles(attempt, exit, usage);
            }
        );
    }

    /// <summary>What it leaves in its directory and as its result.</summary>
    private void FinishFiles(Attempt attempt, Exit exit, Usage usage)
    {
        var paths = attempt.Paths;
        var givers = mayReuse() ? spares : null;
        var holdsFiles =
            givers?.TryGiveDirectory(paths.Directory) != true
            && Libc.rmdir(paths.Directory) != 0
            && Libc.Errno == Libc.ENOTEMPTY;
        usage.DiskBytes = attempt.HasFreshDirectory ? 0 : -1;
        var isToMeasure = attempt.HasFreshDirectory ? holdsFiles : IsWorthALook(attempt);
        var hasTimeline = attempt.Timeline is { HasSamples: true };
        if (attempt.ReturnFile.Length == 0 && !isToMeasure && !hasTimeline)
            finished(attempt, EndOf(attempt, exit, usage));
        else
            ThreadPool.UnsafeQueueUserWorkItem(
                _ => FinishSlowly(attempt, exit, usage, isToMeasure),
                null
            );
    }

    /// <summary>A directory of somebody else may be large: quick jobs in it do not wait for a look
    /// at it.</summary>
    private bool IsWorthALook(Attempt attempt) =>
        attempt.EndedAt - attempt.StartedAt >= UsageSample.FirstMs * 1_000;

    /// <summary>What may take long, on another thread.</summary>
    private void FinishSlowly(Attempt attempt, Exit exit, Usage usage, bool isToMeasure)
    {
        if (attempt.ReturnFile.Length > 0)
            (exit.ResultBytes, exit.ResultTrouble) = ReturnFile.Keep(
                Path.Combine(attempt.WorkingDirectory, attempt.ReturnFile),
                attempt.Paths.Result,
                limits.ReturnFileLimitBytes
            );
        if (isToMeasure)
            usage.DiskBytes = DirectorySize.Of(attempt.WorkingDirectory);
        attempt.Timeline?.End(
            UsageSample.Of(usage, attempt.EndedAt, exit.StdoutBytes, exit.StderrBytes)
        );
        loop.Post(() => finished(attempt, EndOf(attempt, exit, usage)));
    }

    private static ProcessEnded EndOf(Attempt attempt, Exit exit, Usage? usage) =>
        new()
        {
            Jid = attempt.Id.Jid,
            Attempt = attempt.Id.Number,
            Exit = exit,
            Usage = usage,
            StartedAt = attempt.StartedAt,
            EndedAt = attempt.EndedAt,
            Pid = attempt.Pid,
        };
}
