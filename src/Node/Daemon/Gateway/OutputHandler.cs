using System.Runtime.CompilerServices;
using Akka.Actor;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Streams what a job wrote, from the node that has it, as far as the client reads.</summary>
/// <param name="chunkBytes">How much is read at a time.</param>
/// <param name="within">How long the node may take to answer.</param>
public sealed class OutputHandler(
    SegmentClient segments,
    Subscriptions subscriptions,
    IActorRef agents,
    int chunkBytes,
    TimeSpan within
)
{
    /// <summary>The output of one attempt; with follow of the newest, that of later ones too, until
    /// the job has finished.</summary>
    public async IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var attempt = request.Attempt;
        var (tail, offset) = (request.TailLines, request.Offset);
        while (true)
        {
            var known = await FindAsync(request, attempt, by, cancel);
            if (!known.Granted)
            {
                yield return known.Refusal;
                yield break;
            }
            var (job, source) = known.Reply;
            if (source is null)
            {
                yield return new OutputChunk { Jid = request.Jid, End = true };
                yield break;
            }
            attempt = source.Attempt;
            source.Offset = offset;
            await foreach (var chunk in ReadAsync(source, request.Follow, tail, cancel))
                yield return chunk;
            (tail, offset) = (0, 0);
            var isNewest = request.Attempt == 0 && attempt == job.Attempt;
            if (
                !request.Follow
                || !isNewest
                || !await GoesOnAsync(request.Jid, attempt, by, cancel)
            )
            {
                yield return new OutputChunk
                {
                    Jid = request.Jid,
                    Attempt = attempt,
                    End = true,
                };
                yield break;
            }
            attempt++;
        }
    }

    /// <summary>The last characters of a stream; null: nothing of it is kept.</summary>
    public Task<string?> TailAsync(JobDetail job, OutputStream stream) =>
        Tail.ReadAsync(offset => AskAsync(Source(job, stream, offset)));

    /// <summary>Why the job's node can have nothing in a stream; empty: it can.</summary>
    public async Task<string> LackingAsync(JobDetail job, OutputStream stream) =>
        (await AskAsync(Source(job, stream, 0))).Lacking;

    private ReadOutput Source(JobDetail job, OutputStream stream, long offset) =>
        new()
        {
            Jid = job.Jid,
            Attempt = job.Attempt,
            Node = job.Node,
            Stream = stream,
            Offset = offset,
            Max = chunkBytes,
        };

    private sealed record Known(JobDetail Job, ReadOutput? Source);

    /// <summary>Where the attempt's output is; waits for its start when it is to be followed.</summary>
    private async Task<Outcome<Known>> FindAsync(
        OutputRequest request,
        int attempt,
        Identity by,
        CancellationToken cancel
    )
    {
        var read = await segments.DetailAsync(request.Jid, by);
        if (read.Granted && request.Follow && !HasStarted(read.Reply, attempt))
        {
            await WaitAsync(
                request.Jid,
                async () =>
                {
                    read = await segments.DetailAsync(request.Jid, by);
                    return !read.Granted || HasStarted(read.Reply, attempt);
                },
                cancel
            );
        }
        if (!read.Granted)
            return read.Refusal;
        var job = read.Reply;
        var number = attempt == 0 ? job.Attempt : attempt;
        if (number > job.Attempt || number < 0)
            return Refusals.Of(
                RefusalCode.NotFound,
                job.Jid,
                $"Job {job.Jid} has had {job.Attempt} attempts: there is no attempt {number}."
            );
        var node =
            number == job.Attempt
                ? job.Node
                : job.Attempts.FirstOrDefault(a => a.Attempt == number)?.Node;
        return
            string.IsNullOrEmpty(node) || number == 0 || WroteNothing(job, number, request.Stream)
            ? new Known(job, null)
            : new Known(
                job,
                new ReadOutput
                {
                    Jid = job.Jid,
                    Attempt = number,
                    Node = node,
                    Stream = request.Stream,
                    Max = chunkBytes,
                }
            );
    }

    /// <summary>Of an empty stream nothing is kept.</summary>
    public static bool WroteNothing(JobDetail job, int attempt, OutputStream stream)
    {
        var exit =
            attempt == job.Attempt
                ? job.Exit
                : job.Attempts.FirstOrDefault(a => a.Attempt == attempt)?.Exit;
        return exit is not null
            && stream switch
            {
                OutputStream.Stdout => exit.StdoutBytes,
                OutputStream.Stderr => exit.StderrBytes,
                OutputStream.Logging => exit.LoggingBytes,
                // Words to the system log may arrive a moment after the end.
                OutputStream.Syslog => 1,
                OutputStream.Profile => exit.ProfileBytes,
                _ => exit.ResultBytes,
            } == 0;
    }

    private static bool HasStarted(JobDetail job, int attempt) =>
        job.Status.IsFinished()
        || (job.Status == Status.Processing && job.Attempt >= Math.Max(1, attempt));

    private async Task<bool> GoesOnAsync(
        long jid,
        int attempt,
        Identity by,
        CancellationToken cancel
    )
    {
        var more = false;
        await WaitAsync(
            jid,
            async () =>
            {
                var read = await segments.DetailAsync(jid, by);
                more = read.Granted && read.Reply.Attempt > attempt;
                return more || !read.Granted || read.Reply.Status.IsFinished();
            },
            cancel
        );
        return more;
    }

    /// <summary>Looks at each change of the job until the condition holds.</summary>
    private async Task WaitAsync(long jid, Func<Task<bool>> holds, CancellationToken cancel)
    {
        await foreach (
            var _ in subscriptions.ListenAsync([JidRanges.Range(jid, jid)], false, cancel)
        )
            if (await holds())
                return;
    }

    private async IAsyncEnumerable<Outcome<OutputChunk>> ReadAsync(
        ReadOutput source,
        bool follow,
        long tailLines,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (tailLines > 0)
            source.Offset = await TailStartAsync(source, tailLines);
        while (!cancel.IsCancellationRequested)
        {
            source.Wait = follow;
            var read = await AskAsync(source);
            if (read.Missing)
            {
                yield return Refusals.Of(
                    RefusalCode.NotFound,
                    source.Jid,
                    $"The output of job {source.Jid}, attempt {source.Attempt}, is not kept any more on node {source.Node}, or the node is away."
                );
                yield break;
            }
            if (!read.Data.IsEmpty)
                yield return new OutputChunk
                {
                    Jid = source.Jid,
                    Attempt = source.Attempt,
                    Data = read.Data,
                    Offset = read.Offset,
                    Dropped = read.Dropped,
                };
            source.Offset = read.Offset + read.Data.Length;
            if (source.Offset >= read.Size && (read.Ended || !follow))
                yield break;
        }
    }

    /// <summary>Where the last lines begin: reads backwards until enough line ends are seen.</summary>
    private async Task<long> TailStartAsync(ReadOutput source, long lines)
    {
        var probe = source.Clone();
        (probe.Offset, probe.Max) = (-1, 1);
        var size = (await AskAsync(probe)).Size;
        for (var until = size; until > 0; )
        {
            var (from, block) = await BlockAsync(source, Math.Max(0, until - chunkBytes), until);
            for (var i = block.Length - 1; i >= 0; i--)
                // A last line end closes the last line; it does not begin another.
                if (block[i] == '\n' && from + i != size - 1 && --lines == 0)
                    return from + i + 1;
            if (block.Length == 0)
                break;
            until = from;
        }
        return 0;
    }

    /// <summary>These bytes, in as many reads as the node wants: it may give fewer than asked.</summary>
    private async Task<(long From, byte[] Bytes)> BlockAsync(
        ReadOutput source,
        long from,
        long until
    )
    {
        using var block = new MemoryStream();
        var probe = source.Clone();
        while (from + block.Length < until)
        {
            probe.Offset = from + block.Length;
            probe.Max = (int)(until - probe.Offset);
            var read = await AskAsync(probe);
            if (read.Data.IsEmpty)
                break;
            if (read.Offset > probe.Offset)
                from = read.Offset; // what came before was dropped
            else
                read.Data.WriteTo(block);
        }
        return (from, block.ToArray());
    }

    private async Task<OutputRead> AskAsync(ReadOutput source)
    {
        try
        {
            return await agents.Ask<OutputRead>(source.Clone(), within);
        }
        catch (AskTimeoutException)
        {
            return new OutputRead { Missing = true };
        }
    }
}
