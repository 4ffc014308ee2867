using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol.Api;
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
            news.Slices.Add(Slice(row));
        return news;
    }

    private static FeedSlice Slice(SliceRow slice)
    {
        var row = new JobRow
        {
            First = slice.First,
            Last = slice.Last,
            Counts = { slice.Deleted },
            Label = slice.Label,
            Owner = slice.Owner,
            Command = slice.Command,
            Priority = slice.Priority,
            Created = slice.Created,
            Started = slice.Started,
            Finished = slice.Finished,
            Node = slice.Node,
            Reason = slice.Reason,
            Attempt = slice.Attempt,
            Cores = slice.Cores,
        };
        for (var status = Status.Waiting; status <= Status.Stalled; status++)
            row.Counts.Add(slice.Counts.Of(status));
        return new FeedSlice
        {
            Row = row,
            SubmissionFirst = slice.SubmissionFirst,
            SubmissionLast = slice.SubmissionLast,
        };
    }
}
