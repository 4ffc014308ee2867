using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Jobs;

/// <summary>How the end of an attempt's process is judged (behaviour.md sections 2 and 3).</summary>
public static class Judge
{
    /// <summary>The outcome of an attempt that ended; with retries left, a bad exit is queued
    /// again after a pause that doubles each time.</summary>
    public static Ended End(Job job, AttemptReport report, long now, JobRules rules)
    {
        var end = report.Ended;
        var (status, reason) = Verdict(job, end.Exit);
        var ended = new Ended
        {
            Attempt = report.Attempt,
            Exit = end.Exit,
            Usage = end.Usage,
            StartedAt = end.StartedAt,
            EndedAt = end.EndedAt,
            Status = status,
            Reason = reason,
        };
        var spec = job.Submission.Spec;
        if (status == Status.Error && end.Exit.NotStarted == "" && job.Retries < spec.Retries)
        {
            ended.Status = Status.Queued;
            ended.NotBefore = spec.RetryBackoffMs == 0 ? 0 : now + 1000 * Pause(job, rules);
        }
        return ended;
    }

    private static (Status, Reason?) Verdict(Job job, Exit exit)
    {
        var spec = job.Submission.Spec;
        if (job.Kill is { } kill)
            return (Status.Killed, kill.Reason);
        if (exit.OverMaxRuntime)
            return (Status.Killed, Because(ReasonCode.MaxRuntime, spec.MaxRuntimeMs));
        if (exit.NotStarted != "")
            return (Status.Error, Because(ReasonCode.CannotStart, 0, exit.NotStarted));
        if (exit.OutOfMemory)
            return (Status.Error, Because(ReasonCode.OutOfMemory, spec.MemoryBytes));
        if (exit.Signal != 0)
            return (Status.Error, Because(ReasonCode.Signal, exit.Signal));
        if (exit.Code != 0 && !spec.IgnoreExitStatus)
            return (Status.Error, Because(ReasonCode.Exit, exit.Code));
        return exit.ResultTrouble != ""
            ? (Status.Error, Because(ReasonCode.ReturnFile, 0, exit.ResultTrouble))
            : (Status.Done, null);
    }

    private static long Pause(Job job, JobRules rules) =>
        Math.Min(
            rules.MaxBackoffMs,
            job.Submission.Spec.RetryBackoffMs << Math.Min(20, job.Retries)
        );

    private static Reason Because(ReasonCode code, long number, string text = "") =>
        new()
        {
            Code = code,
            Number = number,
            Text = text,
        };
}
