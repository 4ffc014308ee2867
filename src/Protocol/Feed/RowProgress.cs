using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Feed;

/// <summary>What of a row changes as its jobs run. The rest says which work it is: told once, it
/// need not be carried, read and kept anew with every change.</summary>
public static class RowProgress
{
    private static readonly RowColumn[] Lasting = [.. RowFields.Columns.Where(c => c.IsLasting)];
    private static readonly RowColumn[] Changing = [.. RowFields.Columns.Except(Lasting)];

    /// <summary>The row without what says which work it is.</summary>
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

    /// <summary>Makes of a progress the whole row.</summary>
    /// <param name="known">The row as it was.</param>
    public static void Complete(JobRow progress, JobRow known)
    {
        progress.Last = known.Last;
        foreach (var column in Lasting)
            column.Copy(known, progress);
    }

    /// <summary>Whether two rows are of the same work, so that a progress tells one from the
    /// other.</summary>
    public static bool IsOfSameWork(JobRow one, JobRow other)
    {
        if (one.First != other.First || one.Last != other.Last)
            return false;
        foreach (var column in Lasting)
            if (!column.IsSame(one, other))
                return false;
        return true;
    }
}
