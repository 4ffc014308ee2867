using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Finds submissions whose limits exceed every node. It asks for the list of nodes only if
/// this node could not run them.</summary>
/// <param name="own">What this node offers.</param>
/// <param name="nodes">Lists the nodes.</param>
internal sealed class CapacityChecker(
    Resources own,
    Func<CancellationToken, Task<Outcome<NodesReply>>> nodes
)
{
    /// <summary>Why no node can run such a job; empty: one can, or no node is known.</summary>
    public async Task<Outcome<string>> WhyNoneAsync(JobSpec spec, CancellationToken cancel)
    {
        var hasLimit = spec.Cores > 0 || spec.MemoryBytes > 0;
        if (!hasLimit || Capacities.Fits(spec.Cores, spec.MemoryBytes, own))
            return "";
        var cloud = await nodes(cancel);
        return cloud.IsGranted
            ? Capacities.WhyNone(
                spec.Cores,
                spec.MemoryBytes,
                [.. cloud.Reply.Nodes.Select(node => node.Capacity)]
            ) ?? ""
            : cloud.Refusal;
    }
}
