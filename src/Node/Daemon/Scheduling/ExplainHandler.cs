using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Explains why a job waits, or why it ended as it did.</summary>
internal sealed class ExplainHandler(SegmentClient segments, IActorRef scheduler, TimeSpan within)
{
    public async Task<Outcome<ExplainReply>> ExplainAsync(ExplainRequest request, Identity by)
    {
        var read = await segments.DetailAsync(new Jid(request.Jid), by);
        if (!read.IsGranted)
            return read.Refusal;
        var job = read.Reply;
        if (job is { Status: Status.Queued, Node: "" })
            return await QueuedAsync(job);
        var reply = new ExplainReply
        {
            Jid = job.Jid,
            Status = job.Status,
            Summary = Summary(job),
        };
        if (job.Status is Status.Waiting or Status.Stalled)
            await foreach (var runs in segments.ReadAsync(job.Spec.DependsOn, ReadDepth.Status, by))
                if (runs.IsGranted)
                    reply.Dependencies.AddRange(runs.Reply.Runs);
        return reply;
    }

    /// <summary>The reason why an unfinished job does not run, without a full stop; empty: it runs,
    /// or the reason is unknown now.</summary>
    public async Task<string> WaitsForAsync(JobDetail job) =>
        job switch
        {
            { Status: Status.Queued, Node: "" } => (await QueuedAsync(job)).Reply?.Summary ?? "",
            { Status: Status.Queued or Status.Waiting } => Summary(job),
            _ => "",
        };

    /// <summary>Why a job cannot start while another one, which waits for it, holds its place;
    /// null: it can, or the scheduler does not answer.</summary>
    public async Task<string?> HeldUpAsync(Jid jid, Jid holder)
    {
        try
        {
            var question = new ExplainQueued { Jid = jid, Holder = holder };
            var reply = await scheduler.Ask<ExplainReply>(question, within);
            return reply.HeldUp ? reply.Summary : null;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private async Task<Outcome<ExplainReply>> QueuedAsync(JobDetail job)
    {
        try
        {
            var reply = await scheduler.Ask<ExplainReply>(
                new ExplainQueued { Jid = job.Jid },
                within
            );
            if (job.Reason is { } again)
                reply.Summary = $"{reply.Summary}; it was queued again: {ReasonText.For(again)}";
            return reply;
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                new Jid(job.Jid),
                $"Job {job.Jid} is queued; the scheduler did not give a reason within "
                    + $"{within.TotalSeconds:F0} s, as it may be moving to another node. Try again."
            );
        }
    }

    private static string Summary(JobDetail job)
    {
        var because = job.Reason is { } reason ? $": {ReasonText.For(reason)}" : "";
        return job.Status switch
        {
            Status.Waiting => "it waits until all its dependencies are finished",
            Status.Queued =>
                $"it is assigned to node {job.Node}, which starts it as soon as it has free capacity",
            Status.Processing => $"node {job.Node} runs it, attempt {job.Attempt}"
                + (because == "" ? "" : $"; it is being stopped{because}")
                + (job.Outlives == "" ? "" : $"; {job.Outlives}"),
            Status.Done when job.Exit is { Code: not 0 } exit =>
                $"exit {exit.Code} counts as done: the job ignores its exit status",
            _ => job.Reason is { } why ? ReasonText.For(why) : "no further reason is recorded",
        };
    }
}
