using JobCloud.Protocol.Reasons;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>What a line of the hot list is about.</summary>
/// <param name="Node">Empty: it is about a job.</param>
internal readonly record struct HotKey(string Node, long Jid);

/// <summary>Something that needs somebody to look at.</summary>
/// <param name="IsError">Else a warning.</param>
/// <param name="At">Since when, in µs.</param>
internal sealed record HotLine(HotKey Key, bool IsError, string Text, long At);

/// <summary>Nodes that are not ready, then jobs that failed, newest first, each once.</summary>
internal static class HotList
{
    /// <summary>Jobs at most.</summary>
    public const int Most = 50;

    public static List<HotLine> Of(Snapshot news)
    {
        var lines = new List<HotLine>();
        foreach (var (node, _, _) in news.Nodes)
            if (node.State != "ready")
                lines.Add(
                    new(
                        new(node.Name, 0),
                        node.State == "lost",
                        $"node {node.Name} is {node.State}"
                            + (node.Reason.Length > 0 ? $": {node.Reason}" : ""),
                        node.Since
                    )
                );
        var seen = new HashSet<long>();
        for (var i = news.Events.Count - 1; i >= 0 && seen.Count < Most; i--)
        {
            var row = news.Events[i];
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
