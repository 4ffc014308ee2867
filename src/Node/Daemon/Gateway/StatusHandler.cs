using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Returns the statuses of jobs in the order requested.</summary>
internal sealed class StatusHandler(Selections selections, SegmentClient segments)
{
    public async Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var selected = await selections.ResolveAsync(request.Jobs, by, cancel);
        if (!selected.IsGranted)
            return selected.Refusal;
        var reply = new StatusReply();
        await foreach (var read in segments.ReadAsync(selected.Reply, ReadDepth.Status, by))
        {
            if (!read.IsGranted)
                return read.Refusal;
            reply.Runs.AddRange(read.Reply.Runs);
        }
        return reply;
    }
}
