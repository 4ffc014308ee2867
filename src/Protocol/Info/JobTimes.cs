using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Info;

/// <summary>Lengths of time in a job's life, in µs, that JobDetail does not state
/// outright.</summary>
public static class JobTimes
{
    /// <summary>Of the last attempt, so far while it runs; null: there was none.</summary>
    public static long? Runtime(JobDetail job, long now)
    {
        if (job.Status == Status.Processing && job.Started > 0)
            return now - job.Started;
        if (job.Started > 0 && job.Finished > 0 && job.Started >= job.Queued)
            return job.Finished - job.Started;
        return job.Attempts.LastOrDefault(a => a.Started > 0) is { } last
            ? last.Finished - last.Started
            : null;
    }

    /// <summary>From becoming runnable to its start, its end or now; null: it never was.</summary>
    public static long? Queued(JobDetail job, long now)
    {
        if (job.Queued <= 0)
            return null;
        if (job.Started >= job.Queued)
            return job.Started - job.Queued;
        return (job.Finished > 0 ? job.Finished : now) - job.Queued;
    }

    /// <summary>What the last attempt that is known to have used anything used.</summary>
    public static Usage? LastUsage(JobDetail job) =>
        job.Usage ?? job.Attempts.LastOrDefault(a => a.Usage is not null)?.Usage;
}
