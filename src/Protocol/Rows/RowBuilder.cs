using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Rows;

/// <summary>Builds rows of the job table.</summary>
public static class RowBuilder
{
    private static readonly RowColumn<long>[] Folded =
    [
        .. RowFields.Columns.OfType<RowColumn<long>>().Where(c => c.Fold != Fold.Single),
    ];

    /// <summary>The row of a single job.</summary>
    public static JobRow Job(JobDetail job)
    {
        var row = new JobRow
        {
            First = job.Jid,
            Last = job.Jid,
            Counts = { new long[Statuses.Count] },
        };
        row.Counts[job.Deleted ? 0 : (int)job.Status] = 1;
        foreach (var column in RowFields.Columns)
            column.Fill(row, job);
        return row;
    }

    /// <summary>The row of a deleted job, with the facts that are kept of it.</summary>
    public static JobRow DeletedJob(JobDetail job)
    {
        var row = Job(job);
        (row.Counts[0], row.Counts[(int)job.Status]) = (0, 1);
        return row;
    }

    /// <summary>The row of a submission, folded from the rows of its slices.</summary>
    /// <param name="slices">Rows whose counts at 0 are the deleted jobs.</param>
    /// <returns>The row; null: all its jobs were deleted.</returns>
    public static JobRow? Submission(long first, long last, IEnumerable<JobRow> slices)
    {
        JobRow? row = null;
        var counts = new long[Statuses.Count];
        var hasJobs = false;
        foreach (var slice in slices)
        {
            if (row is null)
                row = Begin(first, last, slice);
            else
                foreach (var column in Folded)
                    Add(column, row, slice);
            for (var status = 1; status < slice.Counts.Count; status++)
                counts[status] += slice.Counts[status];
            hasJobs |= slice.Counts.Count == 0 || slice.Counts[0] < slice.Last - slice.First + 1;
        }
        row?.Counts.Add(counts);
        return hasJobs ? row : null;
    }

    private static JobRow Begin(long first, long last, JobRow slice)
    {
        var row = new JobRow { First = first, Last = last };
        foreach (var column in RowFields.Columns)
            if (column.Fold != Fold.Single || first == last)
                column.Copy(slice, row);
        return row;
    }

    private static void Add(RowColumn<long> column, JobRow row, JobRow slice)
    {
        var (a, b) = (column.Get(row), column.Get(slice));
        var isUnset = a == 0 || b == 0;
        column.Set(
            row,
            column.Fold switch
            {
                Fold.Earliest when !isUnset => Math.Min(a, b),
                Fold.Latest when isUnset => 0,
                _ => Math.Max(a, b),
            }
        );
    }
}
