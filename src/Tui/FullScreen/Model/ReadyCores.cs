using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The cores of the ready nodes.</summary>
/// <param name="Most">The cores of the largest node; 0: no node is ready.</param>
/// <param name="MostFree">The most cores that are free on one node.</param>
internal readonly record struct ReadyCores(int Most, int MostFree)
{
    public static ReadyCores Of(IEnumerable<NodeView> nodes)
    {
        var (largest, free) = (0, 0);
        foreach (var node in nodes)
        {
            if (node.State != "ready")
                continue;
            var cores = node.Capacity?.Cores ?? 0;
            largest = Math.Max(largest, cores);
            free = Math.Max(free, cores - (node.InUse?.Cores ?? 0));
        }
        return new(largest, free);
    }

    public WaitReason ReasonFor(int cores) =>
        Most == 0 ? WaitReason.ReadyNode
        : cores > Most ? WaitReason.LargerNode
        : cores > MostFree ? WaitReason.FreeCores
        : WaitReason.JobsAhead;
}
