using System.IO.Pipelines;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Waits until a terminal can be opened in a job, and sends the client the reasons for the
/// delay.</summary>
internal sealed class TerminalWaiter(
    SegmentClient segments,
    Subscriptions subscriptions,
    ExplainHandler explanations
)
{
    /// <summary>Returns the job once it is processing, or a refusal if it will not process again,
    /// the caller has no access, or the time is up.</summary>
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
        var sent = new TerminalWaits();
        var read = await segments.DetailAsync(new Jid(open.Jid), by);
        try
        {
            if (OutcomeOf(open, read) is { } now)
                return now;
            var jobs = new[] { JidRanges.Range(open.Jid, open.Jid) };
            await foreach (var _ in subscriptions.SubscribeAsync(jobs, false, by, limit.Token))
            {
                read = await segments.DetailAsync(new Jid(open.Jid), by);
                if (OutcomeOf(open, read) is { } later)
                    return later;
                sent = await SendReasonAsync(read.Reply!, sent, client, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return TerminalMessages.TimeUp(
                new Jid(open.Jid),
                read.Reply!.Status,
                open.WaitMs,
                sent.Why
            );
        }
        throw new OperationCanceledException(cancel);
    }

    /// <summary>Returns null if the job may still process later.</summary>
    private static Outcome<JobDetail>? OutcomeOf(OpenTerminal open, Outcome<JobDetail> read)
    {
        if (!read.IsGranted)
            return read;
        var job = read.Reply;
        if (job.Status.IsFinished())
            return TerminalMessages.TooLate(new Jid(job.Jid), job.Status);
        if (open.Attempt > 0 && open.Attempt < job.Attempt)
            return TerminalMessages.NoSuchAttempt(new Jid(job.Jid), open.Attempt, job.Attempt);
        var isRequested = open.Attempt == 0 || open.Attempt == job.Attempt;
        return job.Status == Status.Processing && isRequested ? read : default(Outcome<JobDetail>?);
    }

    private async Task<TerminalWaits> SendReasonAsync(
        JobDetail job,
        TerminalWaits sent,
        PipeWriter client,
        CancellationToken cancel
    )
    {
        var waits = new TerminalWaits
        {
            Status = job.Status,
            Why = await explanations.WaitsForAsync(job),
        };
        if (waits.Equals(sent))
            return sent;
        client.WriteFrame(new FromTerminal { Waits = waits });
        await client.FlushAsync(cancel);
        return waits;
    }
}
