using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>How long finished jobs are kept, and how many.</summary>
/// <param name="MaxAge">In µs since the end of a job; 0: no limit.</param>
/// <param name="MaxJobs">0: no limit.</param>
public readonly record struct RetentionLimits(long MaxAge, long MaxJobs)
{
    public bool IsOn => MaxAge > 0 || MaxJobs > 0;
}

/// <summary>A slice of a submission, as retention sees it.</summary>
/// <param name="Finished">When the last of its jobs finished; 0: none has.</param>
/// <param name="Open">The number of its unfinished jobs.</param>
/// <param name="Ended">The number of its finished jobs that are not deleted.</param>
public readonly record struct KeptSlice(
    long First,
    long Last,
    long Created,
    long Finished,
    long Open,
    long Ended
);

/// <summary>What retention does with a page of slices.</summary>
/// <param name="Purge">The jobs to purge.</param>
/// <param name="Ended">The number of finished jobs that are then left.</param>
/// <param name="Next">The next page starts after this jid; null: no later slice goes.</param>
public sealed record RetentionStep(IReadOnlyList<JidRange> Purge, long Ended, long? Next);

/// <summary>Decides which finished jobs go: those that finished too long ago, and the first
/// submitted while there are too many. A slice goes as a whole, once all its jobs have
/// finished.</summary>
public static class Retention
{
    /// <param name="page">Slices in the order of their jids.</param>
    /// <param name="isFull">Whether there may be more after these.</param>
    /// <param name="ended">The number of all finished jobs.</param>
    public static RetentionStep Choose(
        IReadOnlyList<KeptSlice> page,
        bool isFull,
        long ended,
        RetentionLimits limits,
        long now
    )
    {
        var oldest = limits.MaxAge > 0 ? now - limits.MaxAge : long.MinValue;
        var purge = new List<JidRange>();
        foreach (var slice in page)
        {
            if (slice.Open > 0 || slice.Ended == 0)
                continue;
            if (slice.Finished > oldest && !IsTooMany(ended, limits))
                continue;
            purge.Add(JidRanges.Range(slice.First, slice.Last));
            ended -= slice.Ended;
        }
        // Jids grow with time: what was submitted later than this has not finished before.
        var mayGoOn = isFull && (page[^1].Created <= oldest || IsTooMany(ended, limits));
        return new RetentionStep(purge, ended, mayGoOn ? page[^1].Last : null);
    }

    private static bool IsTooMany(long ended, RetentionLimits limits) =>
        limits.MaxJobs > 0 && ended > limits.MaxJobs;
}
