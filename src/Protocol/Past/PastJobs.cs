using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Past;

/// <summary>
/// What jobs were at an earlier instant, as their times tell: a job that was not submitted yet was
/// not there; one that had not started was waiting or queued; one that had started and not ended
/// was processing. Times of earlier attempts are in the details of a job, not in its row.
/// </summary>
public static class PastJobs
{
    /// <summary>The status at an instant, by the last attempt; unspecified: it was not submitted
    /// yet.</summary>
    public static Status StatusAt(JobLife life, long at) =>
        life.Created > at ? Status.Unspecified
        : life.Finished > 0 && life.Finished <= at ? life.Status
        : life.Started > 0 && life.Started <= at ? Status.Processing
        : Status.Queued;

    /// <summary>Whether a row tells what its jobs were at an instant: not if an earlier attempt may
    /// have run then, or if the jobs of a map differed.</summary>
    public static bool IsCertain(JobRow row, long at)
    {
        if (row.Created > at || (row.Finished > 0 && row.Finished <= at))
            return true;
        if (row.First < row.Last)
            return row.Started == 0 && Unfinished(row) == row.Last - row.First + 1;
        return row.Attempt == 0 || (row.Started > 0 && (row.Started <= at || row.Attempt == 1));
    }

    /// <summary>The row at an instant; null: there was none. Of a map whose jobs differed, the
    /// counts are to be set.</summary>
    public static JobRow? At(JobRow row, long at)
    {
        if (row.Created > at)
            return null;
        if (row.Finished > 0 && row.Finished <= at)
            return row;
        var past = row.Clone();
        (past.Finished, past.Reason) = (0, null);
        if (past.Started > at)
            past.Started = 0;
        if (past.Started == 0)
            (past.Node, past.Attempt) = ("", 0);
        var status = past.Started > 0 ? Status.Processing : Status.Queued;
        SetCounts(past, [(status, row.Last - row.First + 1)]);
        return past;
    }

    /// <summary>The row of a map at an instant, by the lives of its jobs that are not
    /// deleted.</summary>
    public static JobRow? At(JobRow row, IEnumerable<JobLife> lives, long at)
    {
        if (At(row, at) is not { } past)
            return null;
        var counts = new long[Statuses.Count];
        foreach (var life in lives)
            counts[(int)StatusAt(life, at)]++;
        counts[0] = 0;
        SetCounts(past, counts.Select((jobs, status) => ((Status)status, jobs)));
        return past;
    }

    /// <summary>A job at an instant; null: it was not submitted yet.</summary>
    public static JobDetail? At(JobDetail job, long at)
    {
        if (job.Created > at)
            return null;
        if (job.Finished > 0 && job.Finished <= at)
            return job;
        var past = job.Clone();
        var ended = job.Attempts.Where(attempt => attempt.Finished <= at).ToList();
        past.Attempts.Clear();
        past.Attempts.Add(ended);
        (past.Finished, past.Exit, past.Usage, past.Reason) = (0, null, null, null);
        past.Timeline.Clear();
        past.Timeline.Add(job.Timeline.Where(sample => sample.At <= at));
        past.WaitingFor = "";
        past.Dependents.Clear();
        if (job.Started > 0 && job.Started <= at)
            past.Status = Status.Processing;
        else if (job.Attempts.LastOrDefault(Ran) is { } ran)
        {
            past.Timeline.Clear();
            (past.Status, past.Attempt) = (Status.Processing, ran.Attempt);
            (past.Node, past.Started) = (ran.Node, ran.Started);
        }
        else
        {
            past.Timeline.Clear();
            (past.Node, past.Started, past.Attempt) = ("", 0, ended.LastOrDefault()?.Attempt ?? 0);
            past.Reason = ended.LastOrDefault()?.Reason;
            // It became runnable for the first time, unless it did so again after an attempt.
            past.Status =
                job.Attempts.Count == 0 && job.Queued > at ? Status.Waiting : Status.Queued;
        }
        return past;

        bool Ran(AttemptRecord attempt) =>
            attempt.Started > 0 && attempt.Started <= at && attempt.Finished > at;
    }

    private static long Unfinished(JobRow row)
    {
        var jobs = 0L;
        for (var status = 1; status < row.Counts.Count; status++)
            if (!((Status)status).IsFinished())
                jobs += row.Counts[status];
        return jobs;
    }

    private static void SetCounts(JobRow row, IEnumerable<(Status Status, long Jobs)> counts)
    {
        var all = new long[Statuses.Count];
        foreach (var (status, jobs) in counts)
            all[(int)status] = jobs;
        row.Status = Status.Unspecified;
        row.Counts.Clear();
        row.Counts.Add(all);
    }
}
