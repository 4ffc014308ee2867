using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Feed;

/// <summary>A client's view of the cloud, folded from feed updates.</summary>
public sealed class FeedSnapshot
{
    private readonly Dictionary<long, JobRow> _rows = [];

    /// <summary>Rows by first jid.</summary>
    public IReadOnlyDictionary<long, JobRow> Rows => _rows;
    public IReadOnlyList<NodeView> Nodes { get; private set; } = [];
    public CloudCounts Counts { get; private set; } = new();
    public bool IsTruncated { get; private set; }

    private bool _nodesFollow;

    public void Apply(FeedNews news)
    {
        if (news.Full)
            _rows.Clear();
        foreach (var row in news.Rows)
            _rows[row.First] = row;
        foreach (var row in news.Progress)
            if (_rows.TryGetValue(row.First, out var known))
            {
                RowProgress.Complete(row, known);
                _rows[row.First] = row;
            }
        foreach (var first in news.Removed)
            _rows.Remove(first);
        if (news.Nodes.Count > 0)
            Nodes = _nodesFollow ? [.. Nodes, .. news.Nodes] : [.. news.Nodes];
        _nodesFollow = news.More && news.Nodes.Count > 0;
        if (news.Counts is { } counts)
            Counts = counts;
        if (news.Number > 0)
            IsTruncated = news.Truncated;
    }
}
