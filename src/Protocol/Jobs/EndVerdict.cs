using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Jobs;

/// <summary>Decides the status of a job from the end of its attempt.</summary>
public static class EndVerdict
{
    /// <summary>The reported end with its verdict. With retries left, a failed job is queued again
    /// after a back-off that doubles each time.</summary>
    public static AttemptEnd Decide(Job job, AttemptReport report, long now, JobRules rules)
    {
        var end = report.Ended.Clone();
        end.Attempt = report.Attempt;
        (end.Status, end.Reason) = Verdict(job, end.Exit, end.Usage);
        var spec = job.Slice.Spec;
        if (end.Status == Status.Error && end.Exit.NotStarted == "" && job.Retries < spec.Retries)
        {
            end.Status = Status.Queued;
            end.NotBefore = spec.RetryBackoffMs == 0 ? 0 : now + 1000 * Backoff(job, rules);
        }
        return end;
    }

    private static (Status, Reason?) Verdict(Job job, Exit exit, Usage? usage)
    {
        var spec = job.Slice.Spec;
        if (job.Kill is { } kill)
            return (Status.Killed, kill.Reason);
        if (exit.OverMaxRuntime)
            return (Status.Killed, ReasonOf(ReasonCode.MaxRuntime, spec.MaxRuntimeMs));
        if (exit.NotStarted != "")
            return (Status.Error, ReasonOf(ReasonCode.CannotStart, 0, exit.NotStarted));
        if (exit.OutOfMemory)
            return (Status.Error, OutOfMemory(spec, usage));
        if (exit.ProcessLimit != 0)
            return (Status.Error, ReasonOf(ReasonCode.ProcessLimit, exit.ProcessLimit));
        if (exit.LeftCgroup)
            return (Status.Error, ReasonOf(ReasonCode.LeftCgroup, 0));
        if (exit.Signal != 0)
            return (Status.Error, ReasonOf(ReasonCode.Signal, exit.Signal));
        if (exit.Code != 0 && !spec.IgnoreExitStatus)
            return (Status.Error, ReasonOf(ReasonCode.Exit, exit.Code));
        return exit.ResultTrouble != ""
            ? (Status.Error, ReasonOf(ReasonCode.ReturnFile, 0, exit.ResultTrouble))
            : (Status.Done, null);
    }

    /// <summary>A job that never hit its limit was killed because the machine had no memory
    /// left.</summary>
    private static Reason OutOfMemory(JobSpec spec, Usage? usage) =>
        spec.MemoryBytes == 0 || usage is { MemoryFailures: 0 }
            ? ReasonOf(ReasonCode.OutOfMemory, 0)
            : ReasonOf(
                ReasonCode.OutOfMemory,
                spec.MemoryBytes,
                spec.MemoryByType ? $"-t {spec.CoreType}" : "--memory"
            );

    private static long Backoff(Job job, JobRules rules) =>
        Math.Min(rules.MaxBackoffMs, job.Slice.Spec.RetryBackoffMs << Math.Min(20, job.Retries));

    private static Reason ReasonOf(ReasonCode code, long number, string text = "") =>
        new()
        {
            Code = code,
            Number = number,
            Text = text,
        };
}
