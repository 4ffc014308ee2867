using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Formats job failures.</summary>
internal static class JobFailures
{
    /// <summary>For example, <c>Job 7 ended with status error: exit 3.</c></summary>
    public static CommandError Of(JobDetail job)
    {
        var why = ReasonText.For(job.Reason);
        var status = StatusNames.Of(job.Status);
        var message = why.Length > 0 ? $"{status}: {why}" : status;
        return CommandError.JobFailure(
            $"Job {job.Jid} ended with status {message}.",
            new Jid(job.Jid)
        );
    }
}
