using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Feed;

/// <summary>A client's position in the table: computes its next update.</summary>
/// <param name="owner">The owner of the visible jobs; null: all jobs are visible.</param>
/// <param name="rows">Limit of submissions; the client gets the newest.</param>
/// <param name="messageBytes">Approximate limit of one message.</param>
public sealed class FeedCursor(string? owner, int rows, int messageBytes)
{
    private long? _version;
    private long _floor;
    private CloudCounts? _counts;

    /// <summary>The number of the last message; numbers start at 1, without gaps.</summary>
    public long Number { get; private set; }

    /// <summary>Makes the next update a full one, after the client lost a message.</summary>
    public void Reset() => (_version, _floor, _counts) = (null, 0, null);

    /// <summary>The changes since the last update, in one or more messages; empty: none.</summary>
    public IReadOnlyList<FeedNews> News(FeedTable table, FeedExtras extras)
    {
        // When all its rows were removed, a full update brings older ones.
        if (_version < table.ForgottenVersion || table.Count > 0 && table.Newest < _floor)
            Reset();
        var packer = new FeedPacker(messageBytes);
        packer.First.Full = _version is null;
        foreach (var node in extras.Nodes ?? [])
            packer.Add(news => news.Nodes, node);
        AddRows(packer, table);
        foreach (var e in extras.Events)
            if (owner is null)
                packer.Add(news => news.Events, e);
            else if (table.Of(new Jid(e.Jid))?.Owner == owner)
                packer.Add(news => news.Events, EventsOfUsers.WithoutValues(e));
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
        // The floor never sinks, so a row that was left out once does not return.
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
