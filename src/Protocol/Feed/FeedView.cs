namespace JobCloud.Protocol.Feed;

/// <summary>What one watcher has been told of the table, and what it is to be told next.</summary>
/// <param name="owner">Whose jobs it may see; null: everybody's.</param>
/// <param name="rows">Newest submissions at most.</param>
/// <param name="messageBytes">Of one message, about.</param>
public sealed class FeedView(string? owner, int rows, int messageBytes)
{
    private long? _version;
    private long _floor;
    private CloudCounts? _counts;

    /// <summary>Of the last message; they count from 1, without gaps.</summary>
    public long Number { get; private set; }

    /// <summary>It lost something: it is told all once more.</summary>
    public void StartAnew() => (_version, _floor, _counts) = (null, 0, null);

    /// <summary>What changed since it was last told, in as many messages as it takes; none: nothing
    /// did.</summary>
    public IReadOnlyList<FeedNews> News(FeedTable table, FeedExtras extras)
    {
        // Once all that it shows was removed, it begins again with what is older.
        if (_version < table.Forgotten || table.Count > 0 && table.Newest < _floor)
            StartAnew();
        var packer = new FeedPacker(messageBytes);
        packer.First.Full = _version is null;
        foreach (var node in extras.Nodes ?? [])
            packer.Add(news => news.Nodes, node);
        AddRows(packer, table);
        foreach (var e in extras.Events)
            if (owner is null || table.Of(e.Jid)?.Owner == owner)
                packer.Add(news => news.Events, e);
        foreach (var usage in extras.Usages)
            packer.Add(news => news.Usages, usage);
        var now = table.Counts;
        if (packer.IsEmpty && !extras.Always && _version is not null && now.Equals(_counts))
            return [];
        packer.Last.Counts = _counts = now;
        _version = table.Version;
        foreach (var news in packer.Messages)
        {
            news.Number = ++Number;
            news.At = extras.At;
            news.Truncated = _floor > 0;
        }
        return packer.Messages;
    }

    private void AddRows(FeedPacker packer, FeedTable table)
    {
        if (_version == table.Version)
            return;
        // It never sinks: a row that was left out once is not asked for again.
        var (below, before) = (_floor, _version);
        _floor = Math.Max(_floor, table.FloorOf(rows));
        foreach (var (first, row, isKnown) in table.Changed(before ?? -1))
            if (first < _floor || row is not null && owner is not null && row.Owner != owner)
                continue;
            else if (row is not null && isKnown)
                packer.Add(news => news.Progress, RowProgress.Of(row));
            else if (row is not null)
                packer.Add(news => news.Rows, row);
            else if (before is not null)
                packer.AddRemoved(first);
        if (before is null)
            return;
        foreach (var first in table.Dropped(before.Value).Where(first => first >= below))
            packer.AddRemoved(first);
        foreach (var first in table.Between(below, _floor))
            packer.AddRemoved(first);
    }
}
