using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Returns the statuses of jobs in the order requested.</summary>
/// <param name="maxBytes">Maximum size of the reply.</param>
internal sealed class StatusHandler(
    Selections selections,
    SegmentClient segments,
    RequestMemory memory,
    int maxBytes
)
{
    private const long BytesPerJob = 16;

    public async Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var selected = await selections.ResolveAsync(request.Jobs, by, cancel);
        if (!selected.IsGranted)
            return selected.Refusal;
        var most = Math.Min(JidRanges.Count(selected.Reply), maxBytes / BytesPerJob) * BytesPerJob;
        var taken = await memory.TakeAsync(by, most, cancel);
        if (!taken.IsGranted)
            return taken.Refusal;
        using var held = taken.Reply;
        var (reply, bytes) = (new StatusReply(), 0L);
        await foreach (var read in segments.ReadAsync(selected.Reply, ReadDepth.Status, by))
        {
            if (!read.IsGranted)
                return read.Refusal;
            bytes += read.Reply.CalculateSize();
            if (bytes > maxBytes)
                return SelectionCheck.TooLargeReply(maxBytes);
            reply.Runs.AddRange(read.Reply.Runs);
        }
        return reply;
    }
}
