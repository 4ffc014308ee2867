using System.Runtime.CompilerServices;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Outputs;
using JobCloud.Protocol.Past;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Streams the output of a job, no faster than the client reads.</summary>
internal sealed class OutputHandler(
    SegmentClient segments,
    Subscriptions subscriptions,
    OutputSources sources
)
{
    private static readonly OutputRequest FromStart = new();

    /// <summary>Streams the output of one attempt. A client that follows the newest attempt also
    /// gets the output of later ones, until the job finishes.</summary>
    public async IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (request.Follow && request.Until > 0)
        {
            yield return Refusals.Of(
                RefusalCode.Usage,
                new Jid(request.Jid),
                "Output cannot be both followed and limited to a time; give one of them."
            );
            yield break;
        }
        var attempt = request.Attempt;
        var from = request;
        while (true)
        {
            var known = await FindAsync(request, attempt, by, cancel);
            if (!known.IsGranted)
            {
                yield return known.Refusal;
                yield break;
            }
            var (job, source, endedAt) = known.Reply;
            if (source is null)
            {
                yield return new OutputChunk { Jid = request.Jid, End = true };
                yield break;
            }
            attempt = source.Attempt;
            var isMaybeEmpty = EmptyStreams.MayBeEmpty(ExitOf(job, attempt), request.Stream);
            var end = await EndAsync(source, request, endedAt);
            if (end is null)
            {
                yield return TimesUnknown(source);
                yield break;
            }
            if (await BeginAsync(source, from, endedAt, end.Value) is { } begin)
                await foreach (
                    var chunk in ReadAsync(
                        source,
                        begin,
                        end.Value,
                        request.Follow,
                        isMaybeEmpty,
                        cancel
                    )
                )
                    yield return chunk;
            from = FromStart;
            var isNewest = request.Attempt == 0 && attempt == job.Attempt;
            if (
                !request.Follow
                || !isNewest
                || !await HasLaterAttemptAsync(new Jid(request.Jid), attempt, by, cancel)
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

    /// <param name="EndedAt">End of the attempt in µs since 1970; 0 if it has not ended.</param>
    private sealed record Known(JobDetail Job, OutputSource? Source, long EndedAt = 0);

    /// <summary>Finds the output of the attempt. With follow, waits until the attempt
    /// starts.</summary>
    private async Task<Outcome<Known>> FindAsync(
        OutputRequest request,
        int attempt,
        Identity by,
        CancellationToken cancel
    )
    {
        var read = await segments.DetailAsync(new Jid(request.Jid), by);
        if (read.IsGranted && request.Follow && !HasStarted(read.Reply, attempt))
        {
            await WaitAsync(
                new Jid(request.Jid),
                async () =>
                {
                    read = await segments.DetailAsync(new Jid(request.Jid), by);
                    return !read.IsGranted || HasStarted(read.Reply, attempt);
                },
                by,
                cancel
            );
        }
        if (!read.IsGranted)
            return read.Refusal;
        var job = read.Reply;
        var number =
            attempt > 0 ? attempt
            : request.Until > 0 ? PastJobs.At(job, request.Until)?.Attempt ?? 0
            : job.Attempt;
        if (number > job.Attempt || number < 0)
            return Refusals.Of(
                RefusalCode.NotFound,
                new Jid(job.Jid),
                $"Job {job.Jid} has no attempt {number}; attempts so far: {job.Attempt}."
            );
        var past = job.Attempts.FirstOrDefault(a => a.Attempt == number);
        var (node, endedAt) =
            number == job.Attempt ? (job.Node, job.Finished) : (past?.Node, past?.Finished ?? 0);
        return
            string.IsNullOrEmpty(node)
            || number == 0
            || EmptyStreams.IsEmpty(ExitOf(job, number), request.Stream)
            ? new Known(job, null)
            : new Known(job, sources.Of(node, new Jid(job.Jid), number, request.Stream), endedAt);
    }

    private static Exit? ExitOf(JobDetail job, int attempt) =>
        attempt == job.Attempt
            ? job.Exit
            : job.Attempts.FirstOrDefault(a => a.Attempt == attempt)?.Exit;

    private static bool HasStarted(JobDetail job, int attempt) =>
        job.Status.IsFinished()
        || (job.Status == Status.Processing && job.Attempt >= Math.Max(1, attempt));

    private async Task<bool> HasLaterAttemptAsync(
        Jid jid,
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
                more = read.IsGranted && read.Reply.Attempt > attempt;
                return more || !read.IsGranted || read.Reply.Status.IsFinished();
            },
            by,
            cancel
        );
        return more;
    }

    /// <summary>Checks the condition at each change of the job until it holds.</summary>
    private async Task WaitAsync(
        Jid jid,
        Func<Task<bool>> holds,
        Identity by,
        CancellationToken cancel
    )
    {
        await foreach (
            var _ in subscriptions.SubscribeAsync([JidRanges.Range(jid, jid)], false, by, cancel)
        )
            if (await holds())
                return;
    }

    /// <summary>Returns the offset to start at, or null if there is nothing to show.</summary>
    private static async Task<long?> BeginAsync(
        OutputSource source,
        OutputRequest request,
        long endedAt,
        long end
    ) =>
        request.TailLines > 0 ? await source.TailStartAsync(request.TailLines, end)
        : request.Since > 0 ? await source.SinceAsync(request.Since, endedAt)
        : request.Offset;

    /// <summary>Returns the offset to end at, or null if it is not known.</summary>
    private static async Task<long?> EndAsync(
        OutputSource source,
        OutputRequest request,
        long endedAt
    ) => request.Until > 0 ? await source.UntilAsync(request.Until, endedAt) : long.MaxValue;

    private static Refusal TimesUnknown(OutputSource source) =>
        Refusals.Of(
            RefusalCode.NotFound,
            source.Jid,
            $"Nothing is known of when the output of job {source.Jid}, attempt {source.Attempt}, was written."
        );

    private static async IAsyncEnumerable<Outcome<OutputChunk>> ReadAsync(
        OutputSource source,
        long offset,
        long end,
        bool follow,
        bool isMaybeEmpty,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var isFirst = true;
        while (!cancel.IsCancellationRequested)
        {
            if (offset >= end)
                yield break;
            var read = await source.ReadAsync(offset, wait: follow);
            CutAt(end, read);
            if (read.Missing && isMaybeEmpty)
                yield break;
            if (read.Missing)
            {
                yield return Refusals.Of(
                    RefusalCode.NotFound,
                    source.Jid,
                    $"The output of job {source.Jid}, attempt {source.Attempt}, is no longer kept on node {source.Node}, or the node is unreachable."
                );
                yield break;
            }
            // A request beyond the end learns from an empty chunk where the end is.
            if (!read.Data.IsEmpty || (offset != 0 && isFirst))
                yield return Chunk(source, read, offset);
            isFirst = false;
            offset = read.Offset + read.Data.Length;
            if (offset >= read.Size && (read.Ended || !follow))
                yield break;
        }
    }

    private static void CutAt(long end, OutputRead read)
    {
        if (read.Offset + read.Data.Length > end)
            read.Data = ByteString.CopyFrom(read.Data.Span[..(int)Math.Max(0, end - read.Offset)]);
        read.Size = Math.Min(read.Size, end);
    }

    private static OutputChunk Chunk(OutputSource source, OutputRead read, long wanted)
    {
        var chunk = new OutputChunk
        {
            Jid = source.Jid,
            Attempt = source.Attempt,
            Data = read.Data,
            Offset = read.Offset,
            Size = read.Size,
        };
        if (wanted >= 0 && read.Offset > wanted)
        {
            chunk.Dropped = read.Offset - wanted;
            chunk.DroppedWhy = DroppedWhy(source, read);
        }
        return chunk;
    }

    /// <summary>The reason that the start of a stream is missing, without a final full
    /// stop.</summary>
    private static string DroppedWhy(OutputSource source, OutputRead read) =>
        read.FromStore
            ? $"node {source.Node} is unreachable or no longer has them, and the store keeps only the end of large outputs"
            : "the job wrote more than jobcloud.executor.output-limit, or the disk was nearly full";
}
