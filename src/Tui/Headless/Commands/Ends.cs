using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Formats job failures.</summary>
internal static class Ends
{
    /// <summary>For example, <c>Job 7 ended error: exit 3.</c></summary>
    public static Trouble Of(JobDetail job)
    {
        var why = Sentence.For(job.Reason);
        var status = StatusWords.Of(job.Status);
        var message = why.Length > 0 ? $"{status}: {why}" : status;
        return Trouble.BadEnd($"Job {job.Jid} ended {message}.", new Jid(job.Jid));
    }
}
