using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The subject of an item that needs attention.</summary>
/// <param name="Node">Empty: the subject is a job.</param>
internal readonly record struct HotKey(string Node, Jid Jid);

/// <summary>An item that needs attention.</summary>
/// <param name="IsError">Whether it is an error; else a warning.</param>
/// <param name="At">The start, in µs.</param>
internal sealed record HotLine(HotKey Key, bool IsError, string Text, long At);

/// <summary>Lists the nodes that are not ready, then the jobs that failed, newest first, each
/// once.</summary>
internal static class HotList
{
    /// <summary>The maximum number of jobs.</summary>
    public const int Most = 50;

    public static List<HotLine> Of(Snapshot snapshot)
    {
        var lines = new List<HotLine>();
        foreach (var (node, _, _) in snapshot.Nodes)
            if (node.State != "ready")
                lines.Add(
                    new(
                        new(node.Name, default),
                        node.State == "lost",
                        $"node {node.Name} is {node.State}"
                            + (node.Reason.Length > 0 ? $": {node.Reason}" : ""),
                        node.Since
                    )
                );
        var seen = new HashSet<long>();
        for (var i = snapshot.Events.Count - 1; i >= 0 && seen.Count < Most; i--)
        {
            var row = snapshot.Events[i];
            if (row.Line.Level != Level.Info && seen.Add(row.Jid))
                lines.Add(
                    new(
                        new("", row.Jid),
                        row.Line.Level == Level.Error,
                        $"job {row.Jids}: {row.Line.Message}",
                        row.Line.When
                    )
                );
        }
        return lines;
    }
}
