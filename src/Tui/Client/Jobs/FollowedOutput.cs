using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Wire;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Client.Jobs;

/// <summary>Copies one stream of a job while it runs, through all its attempts, until the job
/// finishes. It survives any restart of the node, and continues after an attempt whose output is
/// lost.</summary>
internal static class FollowedOutput
{
    /// <summary>Pause before the output of an attempt that still runs is requested again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The end of a followed stream.</summary>
    /// <param name="Job">The finished job.</param>
    /// <param name="Missing">Why the output of the last attempt cannot be read; null: it was
    /// read.</param>
    public sealed record End(JobDetail Job, Refusal? Missing, JobOutput.Copied Copied);

    /// <param name="request">Starts with the newest attempt.</param>
    /// <param name="newest">The newest attempt before the request, or 1.</param>
    /// <param name="lost">Receives a sentence for each earlier attempt whose output is
    /// lost.</param>
    /// <param name="position">Where the copy is, at any time; null: nobody wants to know, and all
    /// bytes are copied.</param>
    public static async Task<End> CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        int newest,
        IOutputTarget output,
        TextWriter notes,
        TextWriter lost,
        JobOutput.Position? position = null,
        CancellationToken cancel = default
    )
    {
        cloud.Patience.WaitForNode();
        var told = "";
        var at = position ?? new JobOutput.Position();
        while (true)
        {
            Refusal? missing = null;
            try
            {
                await JobOutput.CopyAsync(cloud, request, output, notes, at, null, cancel);
            }
            catch (RpcException failure)
                when (RefusalTrailer.Of(failure) is { Code: RefusalCode.NotFound } refusal)
            {
                missing = refusal;
            }
            var job = await DetailAsync(cloud, new Jid(request.Jid), cancel);
            var shown = Math.Max(request.Attempt, at.Attempt);
            if (shown == 0 && missing is not null)
                shown = Math.Min(newest, job.Attempt);
            var isFinished = JidRuns.IsFinished(job.Status);
            if (isFinished && job.Attempt <= shown)
                return new End(job, job.Attempt == shown ? missing : null, at.Copied);
            request = request.Clone();
            (request.TailLines, request.Since) = (0, 0);
            if (job.Status == Status.Processing && job.Attempt == shown)
            {
                // Its node is unreachable or restarts, maybe for moments.
                await Task.Delay(Pause, cancel);
                (request.Attempt, request.Offset) = (shown, at.Attempt == shown ? at.Next : 0);
                continue;
            }
            if (missing is not null && shown <= job.Attempt && missing.Message != told)
                await lost.WriteLineAsync(told = missing.Message);
            (request.Attempt, request.Offset) = (shown + 1, 0);
        }
    }

    public static async Task<JobDetail> DetailAsync(
        CloudConnection cloud,
        Jid jid,
        CancellationToken cancel = default
    )
    {
        var request = new InfoRequest
        {
            Jobs = JidRuns.One(jid),
            Items = { "status", "attempt", "reason", "exit_code", "signal" },
        };
        return await JobDetails.ReadAsync(cloud, request, cancel);
    }
}
