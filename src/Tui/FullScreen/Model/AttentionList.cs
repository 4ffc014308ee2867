using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The subject of an item that needs attention.</summary>
/// <param name="Node">Empty: the subject is a job.</param>
internal readonly record struct AttentionKey(string Node, Jid Jid);

/// <summary>An item that needs attention.</summary>
/// <param name="IsError">Whether it is an error; else a warning.</param>
/// <param name="At">The start, in µs.</param>
internal sealed record AttentionItem(AttentionKey Key, bool IsError, string Text, long At);

/// <summary>Lists the nodes that are not ready, then the jobs that failed, newest first, each
/// once.</summary>
internal static class AttentionList
{
    /// <summary>The maximum number of jobs.</summary>
    public const int MaxJobs = 50;

    public static List<AttentionItem> Of(Snapshot snapshot)
    {
        var lines = new List<AttentionItem>();
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
        for (var i = snapshot.Events.Count - 1; i >= 0 && seen.Count < MaxJobs; i--)
        {
            var row = snapshot.Events[i];
            if (row.Line.Level != EventLevel.Info && seen.Add(row.Jid))
                lines.Add(
                    new(
                        new("", row.Jid),
                        row.Line.Level == EventLevel.Error,
                        $"job {row.Jids}: {row.Line.Message}",
                        row.Line.When
                    )
                );
        }
        return lines;
    }
}
