using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The nodes of the past, as the jobs tell that they ran. Nothing is kept of a node that
/// ran none, nor of its state; its size is known if it is still there.</summary>
internal static class PastNodes
{
    /// <param name="running">The jobs that were processing, a row each, newest first.</param>
    /// <param name="now">The cloud as it is.</param>
    public static IReadOnlyList<NodeLine> Of(IReadOnlyList<JobRow> running, Snapshot now) =>
        [
            .. running
                .Where(row => row.Node.Length > 0)
                .GroupBy(row => row.Node)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Line(group.Key, [.. group], now)),
        ];

    private static NodeLine Line(string name, IReadOnlyList<JobRow> running, Snapshot now)
    {
        var present = now.Nodes.FirstOrDefault(line => line.Node.Name == name)?.Node;
        var node = new NodeView
        {
            Name = name,
            Address = present?.Address ?? "",
            Capacity = present?.Capacity,
            InUse = new Resources { Cores = running.Sum(row => row.Cores) },
            Processing = running.Count,
        };
        return new NodeLine(node, [], [.. running.Reverse().Take(CloudState.RunningKept)]);
    }
}
