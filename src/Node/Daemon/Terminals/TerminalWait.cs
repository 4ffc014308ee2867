using System.IO.Pipelines;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Waits until a job can be entered, telling the client why it cannot be yet.</summary>
internal sealed class TerminalWait(
    SegmentClient segments,
    Subscriptions subscriptions,
    ExplainHandler explanations
)
{
    /// <summary>The job once it is processing; a refusal when it never will be again, is not the
    /// asker's, or the time is up.</summary>
    public async Task<Outcome<JobDetail>> AwaitAsync(
        OpenTerminal open,
        Identity by,
        PipeWriter client,
        CancellationToken cancel
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (open.WaitMs > 0)
            limit.CancelAfter(TimeSpan.FromMilliseconds(Math.Min(open.WaitMs, int.MaxValue)));
        var told = new TerminalWaits();
        var read = await segments.DetailAsync(open.Jid, by);
        try
        {
            if (Verdict(open, read) is { } now)
                return now;
            var jobs = new[] { JidRanges.Range(open.Jid, open.Jid) };
            await foreach (var _ in subscriptions.ListenAsync(jobs, false, limit.Token))
            {
                read = await segments.DetailAsync(open.Jid, by);
                if (Verdict(open, read) is { } later)
                    return later;
                told = await TellAsync(read.Reply!, told, client, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return TerminalWords.TimeUp(open.Jid, read.Reply!.Status, open.WaitMs, told.Why);
        }
        throw new OperationCanceledException(cancel);
    }

    /// <summary>Null: it may be processing later.</summary>
    private static Outcome<JobDetail>? Verdict(OpenTerminal open, Outcome<JobDetail> read)
    {
        if (!read.Granted)
            return read;
        var job = read.Reply;
        if (job.Status.IsFinished())
            return TerminalWords.TooLate(job.Jid, job.Status);
        if (open.Attempt > 0 && open.Attempt < job.Attempt)
            return TerminalWords.NoSuchAttempt(job.Jid, open.Attempt, job.Attempt);
        var isThere = open.Attempt == 0 || open.Attempt == job.Attempt;
        return job.Status == Status.Processing && isThere ? read : default(Outcome<JobDetail>?);
    }

    private async Task<TerminalWaits> TellAsync(
        JobDetail job,
        TerminalWaits told,
        PipeWriter client,
        CancellationToken cancel
    )
    {
        var waits = new TerminalWaits
        {
            Status = job.Status,
            Why = await explanations.WaitsForAsync(job),
        };
        if (waits.Equals(told))
            return told;
        client.WriteFrame(new FromTerminal { Waits = waits });
        await client.FlushAsync(cancel);
        return waits;
    }
}
