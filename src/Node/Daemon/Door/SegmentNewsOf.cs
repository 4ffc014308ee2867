using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.Door;

/// <summary>What the index is told of a segment, as feeds say it.</summary>
internal static class SegmentNewsOf
{
    public static SegmentNews Of(SliceRows changed)
    {
        var news = new SegmentNews
        {
            Segment = changed.Segment,
            SequenceNr = changed.SequenceNr,
            Removed = { changed.Removed ?? [] },
            Events = { changed.Events ?? [] },
        };
        foreach (var total in changed.Totals ?? [])
            news.Totals.Add(total);
        foreach (var row in changed.Rows)
            news.Slices.Add(SliceWire.Of(row));
        return news;
    }
}
