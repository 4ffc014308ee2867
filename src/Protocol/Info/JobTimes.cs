using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Info;

/// <summary>Durations of a job, in µs, derived from its JobDetail.</summary>
public static class JobTimes
{
    /// <summary>The runtime of the last attempt, so far while it runs; null: none.</summary>
    public static long? Runtime(JobDetail job, long now)
    {
        if (job.Status == Status.Processing && job.Started > 0)
            return Math.Max(0, now - job.Started);
        if (job.Started > 0 && job.Finished > 0 && job.Started >= job.Queued)
            return Math.Max(0, job.Finished - job.Started);
        return job.Attempts.LastOrDefault(a => a.Started > 0) is { } last
            ? Math.Max(0, last.Finished - last.Started)
            : null;
    }

    /// <summary>The time from runnable to started, ended or now; null: never runnable.</summary>
    public static long? Queued(JobDetail job, long now)
    {
        if (job.Queued <= 0)
            return null;
        if (job.Started >= job.Queued)
            return job.Started - job.Queued;
        return Math.Max(0, (job.Finished > 0 ? job.Finished : now) - job.Queued);
    }

    /// <summary>The usage of the last attempt with known usage.</summary>
    public static Usage? LastUsage(JobDetail job) =>
        job.Usage ?? job.Attempts.LastOrDefault(a => a.Usage is not null)?.Usage;
}
