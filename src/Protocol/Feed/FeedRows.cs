using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Feed;

/// <summary>Folds the slices of a submission into the one row that lists show.</summary>
public static class FeedRows
{
    /// <param name="slices">Of one submission, one at least.</param>
    /// <returns>Null: all of its jobs were deleted.</returns>
    public static JobRow? Merge(IReadOnlyList<FeedSlice> slices)
    {
        var head = slices[0];
        var row = new JobRow
        {
            First = head.SubmissionFirst,
            Last = head.SubmissionLast,
            Label = head.Row.Label,
            Owner = head.Row.Owner,
            Command = head.Row.Command,
            Priority = head.Row.Priority,
            Cores = head.Row.Cores,
            Created = head.Row.Created,
            Finished = head.Row.Finished,
        };
        var counts = new long[Statuses.Count];
        var stands = false;
        foreach (var slice in slices)
            stands |= Add(row, counts, slice.Row);
        if (!stands)
            return null;
        counts[0] = 0;
        if (row.First < row.Last)
            row.Counts.Add(counts);
        else
            (row.Status, row.Node, row.Reason) = (
                (Status)Array.FindIndex(counts, count => count > 0),
                head.Row.Node,
                head.Row.Reason
            );
        return row;
    }

    /// <returns>Whether jobs of the slice still stand.</returns>
    private static bool Add(JobRow row, long[] counts, JobRow slice)
    {
        for (var status = 0; status < counts.Length && status < slice.Counts.Count; status++)
            counts[status] += slice.Counts[status];
        row.Created = Math.Min(row.Created, slice.Created);
        if (slice.Started > 0 && (row.Started == 0 || slice.Started < row.Started))
            row.Started = slice.Started;
        // As long as one slice has not finished, the submission has not.
        row.Finished =
            row.Finished == 0 || slice.Finished == 0 ? 0 : Math.Max(row.Finished, slice.Finished);
        row.Attempt = Math.Max(row.Attempt, slice.Attempt);
        return slice.Counts.Count == 0 || slice.Counts[0] < slice.Last - slice.First + 1;
    }
}
