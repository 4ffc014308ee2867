using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Returns the statuses of jobs in the order requested.</summary>
/// <param name="maps">Finds the maps whose jobs are folded.</param>
/// <param name="maxBytes">Maximum size of the reply.</param>
internal sealed class StatusHandler(
    Selections selections,
    SegmentClient segments,
    MapSlices maps,
    RequestMemory memory,
    int maxBytes
)
{
    private const long BytesPerJob = 16;
    private const int BytesPerRow = 64;

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
        if (!request.Fold)
            return await RunsAsync(selected.Reply, by);
        if (
            await maps.PartsAsync(selected.Reply, maxBytes / BytesPerRow, by, cancel)
            is not { } parts
        )
            return SelectionCheck.TooLargeReply(maxBytes);
        var unknown = parts.Where(part => part.Counts is null);
        var runs = await RunsAsync(unknown.Select(p => JidRanges.Range(p.First, p.Last)), by);
        return runs.IsGranted
            ? new StatusReply { Rows = { StatusFold.Rows(parts, runs.Reply.Runs) } }
            : runs.Refusal;
    }

    private async Task<Outcome<StatusReply>> RunsAsync(IEnumerable<JidRange> jobs, Identity by)
    {
        var (reply, bytes) = (new StatusReply(), 0L);
        await foreach (var read in segments.ReadAsync(jobs, ReadDepth.Status, by))
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
