using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Feed;

/// <summary>Folds the slices of a submission into the one row that lists show.</summary>
public static class FeedRows
{
    /// <param name="slices">Of one submission, one at least.</param>
    /// <returns>Null: all of its jobs were deleted.</returns>
    public static JobRow? Merge(IReadOnlyList<FeedSlice> slices)
    {
        var head = slices[0];
        var row = RowOf.Submission(
            head.SubmissionFirst,
            head.SubmissionLast,
            slices.Select(slice => slice.Row)
        );
        if (row is not null && row.First == row.Last)
        {
            row.Status = RowField.Statuses.First(row);
            row.Counts.Clear();
        }
        return row;
    }
}
