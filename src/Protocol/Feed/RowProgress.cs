using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Feed;

/// <summary>The values of a row that change while its jobs run. The constant values are sent once,
/// not with every change.</summary>
public static class RowProgress
{
    private static readonly RowColumn[] Constant = [.. RowFields.Columns.Where(c => c.IsConstant)];
    private static readonly RowColumn[] Changing = [.. RowFields.Columns.Except(Constant)];

    /// <summary>The row without its constant values.</summary>
    public static JobRow Of(JobRow row)
    {
        var progress = new JobRow
        {
            First = row.First,
            Counts = { row.Counts },
            Status = row.Status,
        };
        foreach (var column in Changing)
            column.Copy(row, progress);
        return progress;
    }

    /// <summary>Completes a progress to a full row.</summary>
    /// <param name="known">The previous row.</param>
    public static void Complete(JobRow progress, JobRow known)
    {
        progress.Last = known.Last;
        foreach (var column in Constant)
            column.Copy(known, progress);
    }

    /// <summary>Whether two rows have the same constant values, so that a progress suffices to turn
    /// one into the other.</summary>
    public static bool HasSameConstants(JobRow one, JobRow other)
    {
        if (one.First != other.First || one.Last != other.Last)
            return false;
        foreach (var column in Constant)
            if (!column.IsSame(one, other))
                return false;
        return true;
    }
}
