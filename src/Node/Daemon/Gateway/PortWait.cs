using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.Waiting;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Waits until a job listens on a port, or no longer can: hears of its status from its
/// segment, and has its node watch while it is processing.</summary>
/// <param name="again">Before a node that did not know the attempt is asked again.</param>
internal sealed class PortWait(
    SegmentClient segments,
    Subscriptions subscriptions,
    PortReader reader,
    TimeSpan again
)
{
    /// <summary>How the job stands, and last the port or why it will not come.</summary>
    public async IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        long jid,
        AwaitedPort awaited,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (awaited.Port is < 1 or > PortRange.Highest)
        {
            yield return PortWords.NoPort(awaited.Port);
            yield break;
        }
        var job = await segments.DetailAsync(jid, by);
        if (!job.Granted)
        {
            yield return job.Refusal;
            yield break;
        }
        // Each is a whole state: a client that reads slowly misses nothing but older ones.
        var states = Channel.CreateBounded<AwaitReply>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var waiting = WaitAsync(jid, awaited, by, states.Writer, cancel);
        await foreach (var state in states.Reader.ReadAllAsync(cancel))
            yield return state;
        await waiting;
    }

    private async Task WaitAsync(
        long jid,
        AwaitedPort awaited,
        Identity by,
        ChannelWriter<AwaitReply> states,
        CancellationToken cancel
    )
    {
        try
        {
            states.TryWrite(await EndAsync(jid, awaited, by, states, cancel));
        }
        finally
        {
            states.Complete();
        }
    }

    private async Task<AwaitReply> EndAsync(
        long jid,
        AwaitedPort awaited,
        Identity by,
        ChannelWriter<AwaitReply> states,
        CancellationToken cancel
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var jobs = new[] { JidRanges.Range(jid, jid) };
        var fold = new AwaitFold(jobs, AwaitMode.All);
        var status = Status.Unspecified;
        Task<AwaitReply>? finding = null;
        try
        {
            await foreach (var moved in subscriptions.ListenAsync(jobs, false, over.Token))
            {
                fold.Fold(moved);
                status = moved.Runs.LastOrDefault()?.Status ?? status;
                if (fold.IsFinished)
                    break;
                states.TryWrite(Stands(status));
                if (status == Status.Processing)
                    finding ??= FindAsync(jid, awaited, by, over);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It was found.
            return await finding!;
        }
        await over.CancelAsync();
        var last = fold.Take();
        last.Refusal ??= PortWords.TooLate(jid, status, awaited.Transport, awaited.Port);
        return last;
    }

    /// <summary>Asks the job's node, and the next one if it is restarted, until the port is there;
    /// then ends the wait.</summary>
    private async Task<AwaitReply> FindAsync(
        long jid,
        AwaitedPort awaited,
        Identity by,
        CancellationTokenSource over
    )
    {
        var cancel = over.Token;
        try
        {
            while (true)
            {
                var job = await segments.DetailAsync(jid, by);
                cancel.ThrowIfCancellationRequested();
                var seen = job is { Granted: true, Reply.Status: Status.Processing }
                    ? await reader.AwaitAsync(job.Reply, awaited)
                    : null;
                cancel.ThrowIfCancellationRequested();
                if (seen is null)
                    await Task.Delay(again, cancel);
                else if (Verdict(jid, seen, awaited) is { } reply)
                    return reply;
            }
        }
        finally
        {
            // Found, or failed: either is told now, not at the job's end.
            if (!cancel.IsCancellationRequested)
                await over.CancelAsync();
        }
    }

    private static AwaitReply? Verdict(long jid, AttemptPorts seen, AwaitedPort awaited)
    {
        var reply = Stands(Status.Processing);
        reply.Finished = true;
        if (seen.Trouble.Length > 0)
        {
            reply.Refusal = PortWords.Unreadable(jid, seen.Trouble);
            return reply;
        }
        reply.Port = seen.Ports.Ports.FirstOrDefault(p =>
            p.Transport == awaited.Transport && p.Port == awaited.Port
        );
        if (reply.Port is { Trouble.Length: > 0 })
            reply.Refusal = PortWords.Unreachable(jid, reply.Port);
        return reply.Port is null ? null : reply;
    }

    private static AwaitReply Stands(Status status)
    {
        var reply = new AwaitReply { Total = 1, Counts = { new long[Statuses.Count] } };
        reply.Counts[(int)status]++;
        return reply;
    }
}
