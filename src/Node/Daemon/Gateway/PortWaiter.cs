using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.Waiting;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Waits until a job listens on a port or no longer can. Follows the job's status in its
/// segment, and has its node watch the ports while it is processing.</summary>
/// <param name="retryDelay">Delay before a node that did not know the attempt is asked
/// again.</param>
internal sealed class PortWaiter(
    SegmentClient segments,
    Subscriptions subscriptions,
    PortClient reader,
    TimeSpan retryDelay
)
{
    /// <summary>Returns the statuses of the job and, last, the port or the reason that it will not
    /// open.</summary>
    public async IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        Jid jid,
        AwaitedPort awaited,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (awaited.Port is < 1 or > PortRange.Highest)
        {
            yield return PortMessages.NoPort(awaited.Port);
            yield break;
        }
        var job = await segments.DetailAsync(jid, by);
        if (!job.IsGranted)
        {
            yield return job.Refusal;
            yield break;
        }
        // Each item is a complete state, so a client that reads slowly misses only outdated ones.
        var states = Channel.CreateBounded<AwaitReply>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var waiting = WaitAsync(jid, awaited, by, states.Writer, cancel);
        await foreach (var state in states.Reader.ReadAllAsync(cancel))
            yield return state;
        await waiting;
    }

    private async Task WaitAsync(
        Jid jid,
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
        Jid jid,
        AwaitedPort awaited,
        Identity by,
        ChannelWriter<AwaitReply> states,
        CancellationToken cancel
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var jobs = new[] { JidRanges.Range(jid, jid) };
        var fold = new AwaitFold(jobs, AwaitMode.All);
        var status = Status.Unspecified;
        Task<AwaitReply>? finding = null;
        try
        {
            await foreach (var moved in subscriptions.SubscribeAsync(jobs, false, by, ended.Token))
            {
                fold.Fold(moved);
                status = moved.Runs.LastOrDefault()?.Status ?? status;
                if (fold.IsFinished)
                    break;
                states.TryWrite(StateOf(status));
                if (status == Status.Processing)
                    finding ??= FindAsync(jid, awaited, by, ended);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // FindAsync has finished.
            return await finding!;
        }
        await ended.CancelAsync();
        var last = fold.Take();
        last.Refusal ??= PortMessages.TooLate(jid, status, awaited.Transport, awaited.Port);
        return last;
    }

    /// <summary>Asks the job's node, or its next node after a restart, until the port is open; then
    /// ends the wait.</summary>
    private async Task<AwaitReply> FindAsync(
        Jid jid,
        AwaitedPort awaited,
        Identity by,
        CancellationTokenSource ended
    )
    {
        var cancel = ended.Token;
        try
        {
            while (true)
            {
                var job = await segments.DetailAsync(jid, by);
                cancel.ThrowIfCancellationRequested();
                var seen = job is { IsGranted: true, Reply.Status: Status.Processing }
                    ? await reader.AwaitAsync(job.Reply, awaited)
                    : null;
                cancel.ThrowIfCancellationRequested();
                if (seen is null)
                    await Task.Delay(retryDelay, cancel);
                else if (ReplyTo(jid, seen, awaited) is { } reply)
                    return reply;
            }
        }
        finally
        {
            // Report success or failure now, not when the job ends.
            if (!cancel.IsCancellationRequested)
                await ended.CancelAsync();
        }
    }

    private static AwaitReply? ReplyTo(Jid jid, AttemptPorts seen, AwaitedPort awaited)
    {
        var reply = StateOf(Status.Processing);
        reply.Finished = true;
        if (seen.Trouble.Length > 0)
        {
            reply.Refusal = PortMessages.Unreadable(jid, seen.Trouble);
            return reply;
        }
        reply.Port = seen.Ports.Ports.FirstOrDefault(p =>
            p.Transport == awaited.Transport && p.Port == awaited.Port
        );
        if (reply.Port is { Trouble.Length: > 0 })
            reply.Refusal = PortMessages.Unreachable(jid, reply.Port);
        return reply.Port is null ? null : reply;
    }

    private static AwaitReply StateOf(Status status)
    {
        var reply = new AwaitReply { Total = 1, Counts = { new long[Statuses.Count] } };
        reply.Counts[(int)status]++;
        return reply;
    }
}
