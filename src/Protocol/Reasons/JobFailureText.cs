using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Reasons;

/// <summary>Says of jobs that were waited for how they ended.</summary>
public static class JobFailureText
{
    /// <summary>For example, <c>Job 7 ended with status error: exit 3.</c></summary>
    public static string Of(JobDetail job)
    {
        var why = ReasonText.For(job.Reason);
        var status = StatusNames.Of(job.Status);
        return $"Job {job.Jid} ended with status {(why.Length > 0 ? $"{status}: {why}" : status)}.";
    }

    /// <summary>The commands to use after a failure.</summary>
    public static string NextStep(JobDetail job) =>
        job switch
        {
            { Status: Status.Stalled } => $"See 'jobcloud explain {job.Jid}'.",
            { Attempt: 0 } or { Exit.NotStarted.Length: > 0 } =>
                $"See 'jobcloud explain {job.Jid}'; run it again with 'jobcloud retry {job.Jid}'.",
            _ =>
                $"See 'jobcloud logs {job.Jid} --stderr'; run it again with 'jobcloud retry {job.Jid}'.",
        };

    /// <summary>For example, <c>2 of 9 jobs failed: 1 error, 1 killed, 0 stalled</c>; null: all are
    /// done.</summary>
    public static string? Failures(AwaitReply last)
    {
        var (error, killed, stalled) = (
            Count(last, Status.Error),
            Count(last, Status.Killed),
            Count(last, Status.Stalled)
        );
        var bad = error + killed + stalled;
        return bad == 0
            ? null
            : $"{bad} of {last.Total} jobs failed: {error} error, {killed} killed, {stalled} stalled.";
    }

    /// <summary>The error for an expired time limit.</summary>
    public static string TimeUp(AwaitReply latest, TimeSpan limit) =>
        $"Timed out after {limit.TotalSeconds:0.###} s: {latest.Total - Finished(latest)} of {latest.Total} jobs have not finished.";

    /// <summary>The error for an expired time limit on one job.</summary>
    /// <param name="missed">What the job did not do, such as "does not listen".</param>
    public static string TimeUp(Jid jid, string missed, AwaitReply latest, TimeSpan limit)
    {
        var status = (Status)latest.Counts.ToList().FindLastIndex(static count => count > 0);
        var now = status > Status.Unspecified ? $"; it is {StatusNames.Of(status)}" : "";
        return $"Timed out after {limit.TotalSeconds:0.###} s: job {jid} {missed}{now}.";
    }

    public static long Count(AwaitReply reply, Status status) =>
        (int)status < reply.Counts.Count ? reply.Counts[(int)status] : 0;

    /// <summary>The number of finished jobs.</summary>
    public static long Finished(AwaitReply reply) =>
        Count(reply, Status.Done)
        + Count(reply, Status.Error)
        + Count(reply, Status.Killed)
        + Count(reply, Status.Stalled);
}
