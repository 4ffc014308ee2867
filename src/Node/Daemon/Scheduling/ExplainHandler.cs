using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Says why a job waits, or why it ended as it did.</summary>
internal sealed class ExplainHandler(SegmentClient segments, IActorRef scheduler, TimeSpan within)
{
    public async Task<Outcome<ExplainReply>> ExplainAsync(ExplainRequest request, Identity by)
    {
        var read = await segments.DetailAsync(request.Jid, by);
        if (!read.Granted)
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
                if (runs.Granted)
                    reply.Dependencies.AddRange(runs.Reply.Runs);
        return reply;
    }

    /// <summary>Why an unfinished job does not run, without a stop; empty: it does, or it is not
    /// known now.</summary>
    public async Task<string> WaitsForAsync(JobDetail job) =>
        job switch
        {
            { Status: Status.Queued, Node: "" } => (await QueuedAsync(job)).Reply?.Summary ?? "",
            { Status: Status.Queued or Status.Waiting } => Summary(job),
            _ => "",
        };

    private async Task<Outcome<ExplainReply>> QueuedAsync(JobDetail job)
    {
        try
        {
            var reply = await scheduler.Ask<ExplainReply>(
                new ExplainQueued { Jid = job.Jid },
                within
            );
            if (job.Reason is { } again)
                reply.Summary = $"{reply.Summary}; it was queued again: {Sentence.For(again)}";
            return reply;
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                job.Jid,
                $"Job {job.Jid} is queued, and the scheduler did not say why within {within.TotalSeconds:F0} s: it may just be moving to another node. Try again."
            );
        }
    }

    private static string Summary(JobDetail job)
    {
        var because = job.Reason is { } reason ? $": {Sentence.For(reason)}" : "";
        return job.Status switch
        {
            Status.Waiting => "it waits until all that it depends on has ended",
            Status.Queued =>
                $"it was handed to node {job.Node}, which starts it as soon as it has room",
            Status.Processing =>
                $"node {job.Node} runs it, attempt {job.Attempt}{(because == "" ? "" : "; it is being ended" + because)}",
            Status.Done when job.Exit is { Code: not 0 } exit =>
                $"exit {exit.Code} is accepted, as its exit status is ignored",
            _ => job.Reason is { } why ? Sentence.For(why) : "nothing more to say",
        };
    }
}
