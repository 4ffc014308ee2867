using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Feed;

/// <summary>All that a watcher knows: the fold of what it was told.</summary>
public sealed class FeedPicture
{
    private readonly Dictionary<long, JobRow> rows = [];

    /// <summary>By first jid.</summary>
    public IReadOnlyDictionary<long, JobRow> Rows => rows;
    public IReadOnlyList<NodeView> Nodes { get; private set; } = [];
    public CloudCounts Counts { get; private set; } = new();
    public bool IsTruncated { get; private set; }

    private bool nodesFollow;

    public void Apply(FeedNews news)
    {
        if (news.Full)
            rows.Clear();
        foreach (var row in news.Rows)
            rows[row.First] = row;
        foreach (var row in news.Progress)
            if (rows.TryGetValue(row.First, out var known))
            {
                RowProgress.Complete(row, known);
                rows[row.First] = row;
            }
        foreach (var first in news.Removed)
            rows.Remove(first);
        if (news.Nodes.Count > 0)
            Nodes = nodesFollow ? [.. Nodes, .. news.Nodes] : [.. news.Nodes];
        nodesFollow = news.More && news.Nodes.Count > 0;
        if (news.Counts is { } counts)
            Counts = counts;
        if (news.Number > 0)
            IsTruncated = news.Truncated;
    }
}
