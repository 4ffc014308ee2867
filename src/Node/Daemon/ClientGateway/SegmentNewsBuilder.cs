using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Converts a segment's index update to a feed message.</summary>
internal static class SegmentNewsBuilder
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
        foreach (var slice in changed.Rows)
            news.Slices.Add(slice.RequestId.Length > 0 ? WithoutRequest(slice) : slice);
        return news;
    }

    private static FeedSlice WithoutRequest(FeedSlice slice) =>
        new()
        {
            Row = slice.Row,
            SubmissionFirst = slice.SubmissionFirst,
            SubmissionLast = slice.SubmissionLast,
        };
}
