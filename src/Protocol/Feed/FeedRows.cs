using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Feed;

/// <summary>Merges the slices of a submission into one row of a list.</summary>
public static class FeedRows
{
    /// <param name="slices">Slices of one submission, at least one.</param>
    /// <returns>The row; null: all jobs of the submission were deleted.</returns>
    public static JobRow? Merge(IReadOnlyList<FeedSlice> slices)
    {
        var head = slices[0];
        var row = RowBuilder.Submission(
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
