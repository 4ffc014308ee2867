using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>Slices as they cross nodes.</summary>
internal static class SliceWire
{
    public static FeedSlice Of(SliceRow slice)
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

    /// <summary>With what only an index needs.</summary>
    public static FeedSlice Whole(SliceRow slice)
    {
        var whole = Of(slice);
        (whole.IsMap, whole.RequestId) = (slice.IsMap, slice.RequestId);
        return whole;
    }

    /// <summary>What <see cref="Whole"/> made of it.</summary>
    public static SliceRow Row(FeedSlice slice)
    {
        var row = slice.Row;
        int Count(Status status) => (int)row.Counts[(int)status];
        return new(
            row.First,
            row.Last,
            slice.SubmissionFirst,
            slice.SubmissionLast,
            slice.IsMap,
            row.Owner,
            row.Label,
            row.Command,
            row.Priority,
            row.Cores,
            row.Created,
            row.Started,
            row.Finished,
            new StatusCounts(
                Count(Status.Waiting),
                Count(Status.Queued),
                Count(Status.Processing),
                Count(Status.Done),
                Count(Status.Error),
                Count(Status.Killed),
                Count(Status.Stalled)
            ),
            (int)row.Counts[0],
            row.Node,
            row.Reason,
            row.Attempt,
            slice.RequestId
        );
    }
}
